import { resolve } from 'node:path'
import { unwritable, unwritableFile } from './check-places.ts'
import type { PlainValue } from './plain-value.ts'
import type { Problem } from './problem.ts'
import { isPathText } from './schema/leaf.ts'
import { foundAt } from './shape-problems.ts'
import { listAt, valueAt } from './value-at.ts'

/** Checks that the journal and the file sinks can write to their directories. Creates nothing. */
export function checkDirectories(plain: PlainValue, baseDirectory: string): readonly Problem[] {
  const journal = { path: ['journal', 'path'], what: 'a file in a directory', check: unwritableFile }
  const directories = listAt(plain.value, ['sinks']).flatMap((sink, index) =>
    valueAt(sink, ['use']) === 'file'
      ? [{ path: ['sinks', index, 'options', 'directory'], what: 'a directory', check: unwritable }]
      : [],
  )
  return [journal, ...directories].flatMap(({ path, what, check }): readonly Problem[] => {
    const place = valueAt(plain.value, path)
    // Any other value has been reported by its section's schema.
    if (!isPathText(place)) return []
    const reason = check(resolve(baseDirectory, place))
    if (reason === undefined) return []
    const message = `expected ${what} that can be written to, found ${foundAt(path, plain)}: ${reason}`
    return [{ path, part: 'value', message }]
  })
}
