import { writeSync } from 'node:fs'
import { openJournal } from '../../src/open/open-journal.ts'
import { acknowledge } from './acknowledge.ts'
import { crashPage } from './crash-page.ts'

/** Commits pages until it is killed, and prints the number of each committed page. */
const journal = await openJournal({ path: process.argv[2] ?? '', access: 'collector' })
for (let number = ((await journal.progress('acme'))?.auditedToSec ?? 0) + 1; ; number += 1) {
  const end = await journal.commit(crashPage(number))
  writeSync(1, `${number}\n`)
  await acknowledge(journal, 'files', end)
}
