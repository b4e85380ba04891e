import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The URL of the repository. Links in the READMEs on npm lead here. */
export const repositoryUrl = 'https://github.com/cdrstream/cdrstream'

export const root = fileURLToPath(new URL('../../..', import.meta.url))

/** Returns the directories of all packages in this repository. */
export function packageDirectories(groups = ['packages', 'apps', 'tooling', 'examples']): readonly string[] {
  return groups
    .filter((group) => existsSync(join(root, group)))
    .flatMap((group) => readdirSync(join(root, group)).map((name) => join(root, group, name)))
    .filter((directory) => existsSync(join(directory, 'package.json')))
}

export function publishedDirectories(): readonly string[] {
  return packageDirectories(['packages', 'apps']).filter(
    (directory) => readManifest(directory).private !== true,
  )
}

export function readManifest(directory: string): Manifest {
  return JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'))
}

/** The parts of a package.json that are used here. */
interface Manifest extends Record<string, unknown> {
  readonly name: string
  readonly dependencies?: Readonly<Record<string, string>>
}
