// Prepares a fresh clone and runs a command in it: downloads Node and pnpm if they are missing, installs, and
// builds what changed. Plain JavaScript without dependencies that works on Node 18 and newer, because it runs
// before anything is installed. Its messages go to stderr.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runInPlace } from './run-in-place.mjs'
import { findToolchain } from './toolchain.mjs'
import { prepareWorkspace } from './workspace.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const [action, ...given] = process.argv.slice(2)

// Commands run in the user's working directory, so that they find `./cdrstream.yaml`.
const here = process.env.INIT_CWD ?? process.cwd()
const bin = join(root, 'apps', 'runner', 'bin', 'cdrstream.js')
const actions = {
  demo: { args: [bin, 'demo'], cwd: here, build: true },
  command: { args: [bin], cwd: here, build: true },
  // The checks run the build themselves, so that a broken build counts as one failed check.
  test: { args: ['tooling/check/src/main.ts'], cwd: root, build: false },
  bench: {
    args: ['--conditions=cdrstream-source', '--expose-gc', 'tooling/bench/src/main.ts'],
    cwd: root,
    build: true,
  },
  fuzz: {
    args: ['--conditions=cdrstream-source', 'tooling/fuzz/src/main.ts'],
    cwd: root,
    build: false,
  },
  mutants: { args: ['tooling/mutants/src/main.ts'], cwd: root, build: false },
  simulation: { args: ['tooling/check/src/run-simulation.ts'], cwd: root, build: false },
  'deploy-checks': { args: ['tooling/check/src/run-deploy-checks.ts'], cwd: root, build: true },
  audit: { args: ['tooling/check/src/audit.ts'], cwd: root, build: false },
  sbom: { args: ['tooling/check/src/write-sbom.ts'], cwd: root, build: false },
  // The inner loop: single steps of `npm test`, and automatic fixes.
  typecheck: { args: ['tooling/check/src/run-steps.ts', 'types'], cwd: root, build: false },
  lint: {
    args: [
      'tooling/check/src/run-steps.ts',
      'format and lint',
      'comments',
      'who may import whom',
      'unused code',
      'workflows',
      'compose file',
      'systemd unit',
    ],
    cwd: root,
    build: false,
  },
  fix: { args: ['tooling/check/src/fix.ts'], cwd: root, build: false },
  generate: {
    args: ['node_modules/turbo/bin/turbo', 'run', 'generate', '--env-mode=loose', '--ui=stream'],
    cwd: root,
    build: false,
  },
  'api-reports': { args: ['tooling/check/src/check-api-reports.ts', '--write'], cwd: root, build: true },
  'one-test': { args: ['node_modules/vitest/vitest.mjs', 'run'], cwd: root, build: true },
  seed: {
    args: ['--conditions=cdrstream-source', 'tooling/simulation/src/replay-seed.ts'],
    cwd: root,
    build: false,
  },
  bundle: { args: [join(root, 'tooling', 'check', 'src', 'write-bundle.ts')], cwd: here, build: true },
  changeset: { args: ['node_modules/@changesets/cli/bin.js'], cwd: root, build: false },
  'version-packages': { args: ['tooling/check/src/version-packages.ts'], cwd: root, build: false },
  release: { args: ['node_modules/@changesets/cli/bin.js', 'publish'], cwd: root, build: true },
}

try {
  if (!Object.hasOwn(actions, action)) {
    throw new Error(`unknown action ${action}: expected one of ${Object.keys(actions).join(', ')}`)
  }
  const { args, cwd, build } = actions[action]
  const toolchain = findToolchain(root)
  await prepareWorkspace(root, toolchain, { build })
  const node = await toolchain.node()
  const env = await toolchain.environment()
  process.exitCode = await runInPlace(node, [...args, ...given], { cwd, env })
} catch (cause) {
  console.error(cause instanceof Error ? cause.message : String(cause))
  process.exitCode = 1
}
