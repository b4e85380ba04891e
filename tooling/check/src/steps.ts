import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** One check of the repository as it is, beside the tests. */
export interface Step {
  readonly name: string
  readonly program: string
  readonly args: readonly string[]
}

/** The static checks, in the order in which their failures are best read. */
export function steps(root: string): readonly Step[] {
  return [
    { name: 'format and lint', program: 'biome', args: ['ci', '--error-on-warnings'] },
    { name: 'types', program: 'tsc', args: ['-p', 'tsconfig.json'] },
    {
      name: 'who may import whom',
      program: 'depcruise',
      args: ['--config', '.dependency-cruiser.mjs', 'packages', 'apps'],
    },
    { name: 'unused code', program: 'knip', args: [] },
    ...publishable(root).map((at) => ({ name: `package ${at}`, program: 'publint', args: ['--strict', at] })),
  ]
}

function publishable(root: string): readonly string[] {
  return ['packages', 'apps'].flatMap((group) =>
    readdirSync(join(root, group))
      .map((name) => join(group, name))
      .filter((at) => JSON.parse(readFileSync(join(root, at, 'package.json'), 'utf8')).private !== true),
  )
}
