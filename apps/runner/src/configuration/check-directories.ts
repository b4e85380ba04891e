import { resolve } from 'node:path'
import type { CheckedSink } from './built-in-sink.ts'
import { unwritable, unwritableFile } from './check-places.ts'
import type { PlainValue } from './plain-value.ts'
import type { Problem } from './problem.ts'
import { foundAt } from './shape-problems.ts'
import { valueAt } from './value-at.ts'

/** Whether journal and sinks can write where they are told to. Nothing is created. */
export function checkDirectories(
  plain: PlainValue,
  sinks: ReadonlyMap<number, CheckedSink>,
  baseDirectory: string,
): readonly Problem[] {
  const problems: Problem[] = []
  const journalPath = valueAt(plain.value, ['journal', 'path'])
  if (typeof journalPath === 'string' && journalPath !== '') {
    const reason = unwritableFile(resolve(baseDirectory, journalPath))
    const path = ['journal', 'path']
    if (reason !== undefined) {
      const message = `expected a file in a directory that can be written to, found ${foundAt(path, plain)}: ${reason}`
      problems.push({ path, part: 'value', message })
    }
  }
  for (const [index, sink] of sinks) {
    for (const directory of sink.directories) {
      const reason = unwritable(resolve(baseDirectory, directory))
      const path = ['sinks', index, 'options', 'directory']
      if (reason === undefined) continue
      const message = `expected a directory that can be written to, found ${foundAt(path, plain)}: ${reason}`
      problems.push({ path, part: 'value', message })
    }
  }
  return problems
}
