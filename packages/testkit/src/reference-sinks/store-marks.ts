import { rename, writeFile } from 'node:fs/promises'
import type { StoredMark } from '@cdrstream/plugin'
import { readText } from './store-file.ts'

/** Returns a store's marks, by org. */
export async function readMarks(path: string): Promise<Map<string, StoredMark>> {
  const text = await readText(marksPath(path))
  return new Map(text === '' ? [] : JSON.parse(text))
}

/** Replaces a store's marks atomically. */
export async function writeMarks(path: string, marks: ReadonlyMap<string, StoredMark>): Promise<void> {
  await writeFile(`${marksPath(path)}.new`, JSON.stringify([...marks]))
  await rename(`${marksPath(path)}.new`, marksPath(path))
}

function marksPath(path: string): string {
  return `${path}.marks`
}
