import { writeSync } from 'node:fs'
import { openJournal } from '../../src/open/open-journal.ts'

/** Increments a count in the budget this many times, and prints a line after each. */
const [path = '', times = '0'] = process.argv.slice(2)
const journal = await openJournal({ path, access: 'command' })
for (let time = 0; time < Number(times); time += 1) {
  await journal.changeBudget('token', (budget) => ({ ...budget, limitedInARow: budget.limitedInARow + 1 }))
  writeSync(1, `${time}\n`)
}
await journal.close()
