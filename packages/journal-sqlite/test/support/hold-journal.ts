import { writeSync } from 'node:fs'
import { JournalOpenError } from '../../src/journal-open-error.ts'
import { openJournal } from '../../src/open/open-journal.ts'

/** Prints `open` and holds the journal until it is killed, or prints which process holds it. */
try {
  await openJournal({ path: process.argv[2] ?? '', access: 'collector' })
  writeSync(1, 'open\n')
  setInterval(() => {}, 60_000)
} catch (error) {
  if (!(error instanceof JournalOpenError)) throw error
  writeSync(1, `${error.code} ${error.holder?.pid}\n`)
}
