import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openTestJournal } from '../testing/open-test-journal.ts'
import { runProcess } from '../testing/run-process.ts'
import { temporaryDirectory } from '../testing/temporary-directory.ts'

test('changes of one budget by several processes and handles are never lost', async () => {
  const path = join(temporaryDirectory(), 'journal.db')
  const collector = await openTestJournal({ path })
  const command = await openTestJournal({ path, access: 'command' })
  const processes = [1, 2].map(() => runProcess('spend-budget.ts', path, '150'))
  let own = 0
  let running = processes.length
  for (const process of processes) {
    void process.ended().then(() => {
      running -= 1
    })
  }
  while (running > 0) {
    for (const journal of [collector, command]) {
      await journal.changeBudget('token', (budget) => ({
        ...budget,
        limitedInARow: budget.limitedInARow + 1,
      }))
      own += 1
    }
    // Lets the ends of the processes be seen.
    await new Promise(setImmediate)
  }
  expect(await Promise.all(processes.map((process) => process.ended()))).toEqual([0, 0])
  expect((await collector.budget('token')).limitedInARow).toBe(300 + own)
})
