import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { SqliteJournal } from '../src/sqlite-journal.ts'
import { openTestJournal } from './support/open-test-journal.ts'
import { runProcess } from './support/run-process.ts'
import { temporaryDirectory } from './support/temporary-directory.ts'

function addOne(journal: SqliteJournal) {
  return journal.changeBudget('token', (budget) => ({ ...budget, limitedInARow: budget.limitedInARow + 1 }))
}

test('concurrent changes to one budget by several processes and handles are never lost', async () => {
  const path = join(temporaryDirectory(), 'journal.db')
  const collector = await openTestJournal({ path })
  const command = await openTestJournal({ path, access: 'command' })
  const processes = [1, 2].map(() => runProcess('spend-budget.ts', path, '150'))
  const changes: Promise<unknown>[] = []
  for (const { lines } of processes) {
    // Makes changes by the processes and this test alternate, so that they often conflict.
    lines.on('line', () => changes.push(addOne(collector), addOne(command)))
  }
  expect(await Promise.all(processes.map((process) => process.ended()))).toEqual([0, 0])
  await Promise.all(changes)
  expect(changes.length).toBeGreaterThan(0)
  expect((await collector.budget('token')).limitedInARow).toBe(300 + changes.length)
})
