import { once } from 'node:events'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findHolder } from '../src/open/journal-lock.ts'
import { openJournal } from '../src/open/open-journal.ts'
import { openTestJournal } from './support/open-test-journal.ts'
import { runProcess } from './support/run-process.ts'
import { temporaryDirectory } from './support/temporary-directory.ts'

test('a second collector is told which process holds the lock, until that process is killed', async () => {
  const path = join(temporaryDirectory(), 'journal.db')
  const holder = runProcess('hold-journal.ts', path)
  expect(await once(holder.lines, 'line')).toEqual(['open'])
  const refused = { code: 'locked', holder: expect.objectContaining({ pid: holder.pid }) }
  await expect(openJournal({ path, access: 'collector' })).rejects.toThrow(expect.objectContaining(refused))
  expect(findHolder(path)?.pid).toBe(holder.pid)
  // A command does not need the lock.
  const command = await openJournal({ path, access: 'command' })
  await command.close()

  await holder.kill()
  expect(findHolder(path)).toBeUndefined()
  await openTestJournal({ path })
})

test('of several collectors that start together, one gets the journal and the others name it', async () => {
  const path = join(temporaryDirectory(), 'journal.db')
  const processes = Array.from({ length: 4 }, () => runProcess('hold-journal.ts', path))
  const lines = await Promise.all(
    processes.map(async ({ lines: each }) => String((await once(each, 'line'))[0])),
  )
  const holder = processes[lines.indexOf('open')]
  expect(lines.toSorted()).toEqual([...Array.from({ length: 3 }, () => `locked ${holder?.pid}`), 'open'])
})
