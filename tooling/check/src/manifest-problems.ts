import { isDeepStrictEqual } from 'node:util'
import { repositoryUrl } from './repository.ts'

/** Returns the metadata that the published package in this directory must have. */
function expected(directory: string): Readonly<Record<string, unknown>> {
  return {
    license: 'Apache-2.0',
    author: 'The cdrstream authors',
    homepage: `${repositoryUrl}/tree/main/${directory}#readme`,
    bugs: `${repositoryUrl}/issues`,
    repository: { type: 'git', url: `git+${repositoryUrl}.git`, directory },
    // Older releases of Node 24, and Node 25, lack the SQLite version that the journal needs. All packages
    // have the same range, since they are tested together.
    engines: { node: '^24.15.0 || >=26.0.0' },
    publishConfig: { access: 'public', provenance: true },
  }
}

/**
 * Returns the problems in a published package's metadata, which npm shows to users. `directory` is relative
 * to the repository, with slashes.
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
