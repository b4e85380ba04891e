import { resolve } from 'node:path'
import { type FileWarning, type GivenFile, warnOfGivenFile } from '@cdrstream/core'
import { lookAtGivenFile } from '../files/given-file.ts'
import { isPath } from '../sinks/resolve-sink-module.ts'
import { isPathText } from './leaf.ts'
import type { PlainValue } from './plain-value.ts'
import { listAt, valueAt } from './value-at.ts'

/**
 * Whom the collector trusts and whose code it runs: the authorities of `webex.ca`, and sinks that are files.
 */
export function otherFiles({ value }: PlainValue, baseDirectory: string): readonly GivenFile[] {
  const modules = listAt(value, ['sinks'])
    .map((sink) => valueAt(sink, ['use']))
    .filter((use) => typeof use === 'string' && isPath(use))
  return [valueAt(value, ['webex', 'ca']), ...modules].flatMap((path) => {
    const situation = isPathText(path) ? lookAtGivenFile(resolve(baseDirectory, path)) : undefined
    return situation === undefined ? [] : [{ ...situation, isSecret: false }]
  })
}

/** Each file once. */
export function warnOfFiles(files: readonly GivenFile[]): readonly FileWarning[] {
  const byPath = new Map(files.map((file) => [file.path, file]))
  return [...byPath.values()].flatMap((file) => warnOfGivenFile(file, process.geteuid?.()))
}
