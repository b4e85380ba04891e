import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openJournal } from '@cdrstream/journal-sqlite'

let bytes: Promise<number> | undefined

/** Returns the size of a journal without records: each of its tables and indexes takes at least one page. */
export function emptyJournalBytes(): Promise<number> {
  bytes ??= measure()
  return bytes
}

async function measure(): Promise<number> {
  const directory = await mkdtemp(join(tmpdir(), 'cdrstream-empty-'))
  try {
    const path = join(directory, 'journal.db')
    const journal = await openJournal({ path, access: 'collector', minFreeDiskBytes: 0, nowMs: () => 0 })
    const { used } = (await journal.inspect()).bytes
    await journal.close()
    return used
  } finally {
    await rm(directory, { recursive: true })
  }
}
