import type { Files } from './files.ts'

/** Returns whether two files contain the same bytes. */
export async function sameContent(files: Files, one: string, other: string): Promise<boolean> {
  const [oneEntry, otherEntry] = [await files.look(one), await files.look(other)]
  if (oneEntry?.kind !== 'file' || otherEntry?.kind !== 'file') return false
  if (oneEntry.bytes !== otherEntry.bytes) return false
  const others = files.readChunks(other)[Symbol.asyncIterator]()
  try {
    for await (const chunk of files.readChunks(one)) {
      // Files of equal size are read in chunks of equal size.
      const { value } = await others.next()
      if (value === undefined || Buffer.compare(chunk, value) !== 0) return false
    }
    return true
  } finally {
    await others.return?.()
  }
}
