import { resolve } from 'node:path'
import { type FileWarning, type GivenFile, warnOfGivenFile } from '@cdrstream/core/file-trust'
import { lookAtGivenFile } from '../files/given-file.ts'
import { isPath } from '../sinks/resolve-sink-module.ts'
import type { PlainValue } from './plain-value.ts'
import { isPathText } from './schema/leaf.ts'
import { listAt, valueAt } from './value-at.ts'

/**
 * Returns the files that the collector trusts or runs: the CA certificates in `webex.ca`, the certificate and
 * key in `http.tls`, and sinks that are files.
 */
export function otherFiles({ value }: PlainValue, baseDirectory: string): readonly GivenFile[] {
  const modules = listAt(value, ['sinks'])
    .map((sink) => valueAt(sink, ['use']))
    .filter((use) => typeof use === 'string' && isPath(use))
  const key = valueAt(value, ['http', 'tls', 'key'])
  const others = [valueAt(value, ['webex', 'ca']), valueAt(value, ['http', 'tls', 'cert']), ...modules]
  return [key, ...others].flatMap((path) => {
    const situation = isPathText(path) ? lookAtGivenFile(resolve(baseDirectory, path)) : undefined
    return situation === undefined ? [] : [{ ...situation, isSecret: path === key }]
  })
}

/** Returns the warnings about these files, once for each file. */
export function warnOfFiles(files: readonly GivenFile[]): readonly FileWarning[] {
  const byPath = new Map(files.map((file) => [file.path, file]))
  return [...byPath.values()].flatMap((file) => warnOfGivenFile(file, process.geteuid?.()))
}
