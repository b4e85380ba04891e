/** A repository check other than the tests. */
export interface Step {
  readonly name: string
  readonly program: string
  readonly args: readonly string[]
}

/** In the order in which failures are easiest to understand. Later steps use the output of the build. */
export const steps: readonly Step[] = [
  { name: 'format and lint', program: 'biome', args: ['ci', '--error-on-warnings'] },
  { name: 'comments', program: 'node', args: ['tooling/check/src/check-comments.ts'] },
  {
    name: 'build',
    program: 'turbo',
    args: ['run', 'build', '--env-mode=loose', '--output-logs=errors-only'],
  },
  { name: 'types', program: 'tsc', args: ['-p', 'tsconfig.json'] },
  {
    name: 'who may import whom',
    program: 'depcruise',
    args: ['--config', '.dependency-cruiser.mjs', 'packages', 'apps', 'tooling', 'examples'],
  },
  { name: 'unused code', program: 'knip', args: ['--treat-config-hints-as-errors'] },
  { name: 'API reports', program: 'node', args: ['tooling/check/src/check-api-reports.ts'] },
  { name: 'packages as published', program: 'node', args: ['tooling/check/src/check-packages.ts'] },
  { name: 'licences', program: 'node', args: ['tooling/check/src/check-licences.ts'] },
  { name: 'workflows', program: 'node', args: ['tooling/check/src/check-workflows.ts'] },
  { name: 'compose file', program: 'node', args: ['tooling/check/src/check-compose.ts'] },
  { name: 'systemd unit', program: 'node', args: ['tooling/check/src/check-systemd.ts'] },
  { name: 'changesets', program: 'node', args: ['tooling/check/src/check-changesets.ts'] },
]
