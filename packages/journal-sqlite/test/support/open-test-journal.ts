import { join } from 'node:path'
import type { Position } from '@cdrstream/plugin'
import { onTestFinished } from 'vitest'
import type { JournalOptions } from '../../src/journal-options.ts'
import { openJournal } from '../../src/open/open-journal.ts'
import type { SqliteJournal } from '../../src/sqlite-journal.ts'
import { temporaryDirectory } from './temporary-directory.ts'

/** Opens a new journal, or another handle on the one at `path`. Closes it when the test has finished. */
export async function openTestJournal(options: Partial<JournalOptions> = {}): Promise<SqliteJournal> {
  const path = options.path ?? join(temporaryDirectory(), 'journal.db')
  const journal = await openJournal({ access: 'collector', ...options, path })
  onTestFinished(() => journal.close())
  return journal
}

/** Returns the texts of all records after a position. */
export async function readTexts(journal: SqliteJournal, after?: Position): Promise<readonly string[]> {
  const { records } = await journal.read(after ?? (await journal.start()), { records: 1e9, bytes: 1e12 })
  return records.map(({ text }) => text)
}
