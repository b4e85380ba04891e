import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openTestJournal } from '../test/support/open-test-journal.ts'
import { temporaryDirectory } from '../test/support/temporary-directory.ts'
import { openJournal } from './open/open-journal.ts'
import type { ReportedState } from './tables/state-table.ts'

const paused: ReportedState = {
  subject: 'sink',
  name: 'search',
  state: 'paused',
  sinceMs: 1_000,
  code: 'forbidden',
  cause: 'no privilege',
  remedy: 'grant it',
  nextTryMs: 2_000,
  leftBefore: null,
}
const catchingUp: ReportedState = {
  ...paused,
  subject: 'org',
  name: 'search',
  state: 'catching-up',
  code: null,
  cause: null,
  remedy: null,
  nextTryMs: null,
  leftBefore: { atMs: 500, amount: 3_600 },
}

test('no states are stored before a collector reports', async () => {
  const journal = await openTestJournal({ path: join(temporaryDirectory(), 'journal.db') })
  expect(await journal.states()).toEqual({ atMs: null, states: [] })
})

test('reported states remain after the collector exits, and readers can read them', async () => {
  const path = join(temporaryDirectory(), 'journal.db')
  const journal = await openTestJournal({ path })
  await journal.noteStates([paused, catchingUp], 10_000)
  await journal.noteStates([{ ...paused, nextTryMs: 9_000 }], 11_000)
  await journal.noteStates([], 12_000)
  await journal.close()
  const reader = await openJournal({ path, access: 'reader' })
  expect(await reader.states()).toEqual({
    atMs: 12_000,
    states: [catchingUp, { ...paused, nextTryMs: 9_000 }],
  })
  await expect(reader.noteStates([], 13_000)).rejects.toThrow('access "reader"')
  await reader.close()
})

test('a new collector replaces the states that an earlier one reported', async () => {
  const journal = await openTestJournal({ path: join(temporaryDirectory(), 'journal.db') })
  await journal.noteStates([paused, catchingUp], 10_000)
  await journal.noteStates([catchingUp], 20_000, { all: true })
  expect(await journal.states()).toEqual({ atMs: 20_000, states: [catchingUp] })
})
