import { isDeepStrictEqual } from 'node:util'
import { repositoryUrl } from './repository.ts'

/** What every published package states in the same way, given the directory that it lies in. */
function expected(directory: string): Readonly<Record<string, unknown>> {
  return {
    license: 'Apache-2.0',
    author: 'The cdrstream authors',
    homepage: `${repositoryUrl}/tree/main/${directory}#readme`,
    bugs: `${repositoryUrl}/issues`,
    repository: { type: 'git', url: `git+${repositoryUrl}.git`, directory },
    // Older releases of 24, and 25, lack the SQLite that the journal needs. One range for all packages, since
    // all of them are tested together.
    engines: { node: '^24.15.0 || >=26.0.0' },
    publishConfig: { access: 'public', provenance: true },
  }
}

/**
 * Returns what is wrong with the metadata of a package that is published, as npm shows it to users.
 * `directory` is relative to the repository, with slashes.
 */
export function manifestProblems(
  manifest: Readonly<Record<string, unknown>>,
  directory: string,
): readonly string[] {
  const { description, keywords } = manifest
  const problems = Object.entries(expected(directory))
    .filter(([key, value]) => !isDeepStrictEqual(manifest[key], value))
    .map(([key, value]) => `"${key}" in package.json must be ${JSON.stringify(value)}`)
  if (typeof description !== 'string' || description === '')
    problems.push('package.json has no "description"')
  if (!Array.isArray(keywords) || !keywords.includes('webex')) {
    problems.push('"keywords" in package.json must be a list with "webex"')
  }
  return problems
}
