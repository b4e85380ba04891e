import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { wholeMs } from '@cdrstream/core'
import { expect, test } from 'vitest'
import { dayMs, examplePage, exampleRecord, exampleStartMs } from '../../test/support/example-page.ts'
import { openTestJournal } from '../../test/support/open-test-journal.ts'
import { temporaryDirectory } from '../../test/support/temporary-directory.ts'
import type { SqliteJournal } from '../sqlite-journal.ts'

/** Commits one record that is accepted on this day. */
async function accept(journal: SqliteJournal, name: string, day: number): Promise<void> {
  const record = exampleRecord(name, { acceptedAtMs: wholeMs(exampleStartMs + day * dayMs) })
  await journal.commit(examplePage(day, { records: [record] }))
}

/** Accepts a record on each of these days. */
async function acceptDaily(journal: SqliteJournal, fromDay: number, toDay: number): Promise<void> {
  for (let day = fromDay; day <= toDay; day += 1) await accept(journal, `day ${day}`, day)
}

async function known(journal: SqliteJournal, ...names: readonly string[]): Promise<readonly string[]> {
  const found = await journal.revisions(
    'acme',
    names.map((name) => exampleRecord(name).key),
  )
  return names.filter((name) => found.has(exampleRecord(name).key))
}

test('a key is remembered for at least rememberMs and at most twice that, even across restarts', async () => {
  const options = { path: join(temporaryDirectory(), 'journal.db'), rememberMs: 10 * dayMs }
  let journal = await openTestJournal(options)
  const restart = async () => {
    await journal.close()
    journal = await openTestJournal(options)
  }
  await acceptDaily(journal, 0, 9)
  await restart()
  // The first generation becomes the older one, which still counts.
  await accept(journal, 'day 10', 10)
  expect(await known(journal, 'day 0', 'day 9', 'day 10')).toEqual(['day 0', 'day 9', 'day 10'])
  await restart()
  await acceptDaily(journal, 11, 19)
  expect(await known(journal, 'day 0', 'day 9', 'day 10', 'day 19')).toEqual([
    'day 0',
    'day 9',
    'day 10',
    'day 19',
  ])
  await accept(journal, 'day 20', 20)
  expect(await known(journal, 'day 0', 'day 9', 'day 10', 'day 19', 'day 20')).toEqual([
    'day 10',
    'day 19',
    'day 20',
  ])
  await acceptDaily(journal, 21, 30)
  expect(await known(journal, 'day 10', 'day 19', 'day 20', 'day 30')).toEqual(['day 20', 'day 30'])
})

test.each([
  ['forward repeatedly', [40, 80, 120, 160, 200]],
  ['back and forth', [40, 0, 40, 0, 80, 0, 500]],
])('a clock that jumps %s → recently seen keys are not forgotten', async (_, days) => {
  const options = { path: join(temporaryDirectory(), 'journal.db') }
  let journal = await openTestJournal(options)
  await accept(journal, 'seen', 0)
  for (const day of days) {
    await accept(journal, `after the jump to ${day}, ${Math.random()}`, day)
    await journal.close()
    journal = await openTestJournal(options)
  }
  expect(await known(journal, 'seen')).toEqual(['seen'])
})

test('the newest acceptance time survives pruning and restarts', async () => {
  const options = { path: join(temporaryDirectory(), 'journal.db'), keepMs: dayMs }
  let journal = await openTestJournal(options)
  expect(await journal.newestAcceptedAtMs()).toBeUndefined()
  await accept(journal, 'day 3', 3)
  await journal.prune(wholeMs(exampleStartMs + 9 * dayMs), [])
  await journal.close()
  journal = await openTestJournal(options)
  expect(await journal.start()).toEqual(await journal.end())
  expect(await journal.newestAcceptedAtMs()).toBe(exampleStartMs + 3 * dayMs)
})

test('revisions of a key are found in both generations, ordered by rank', async () => {
  const journal = await openTestJournal({ rememberMs: 10 * dayMs })
  const commit = (name: string, rank: number, day: number) =>
    journal.commit(
      examplePage(day, {
        records: [
          exampleRecord(name, { key: 'key', rank, acceptedAtMs: wholeMs(exampleStartMs + day * dayMs) }),
        ],
      }),
    )
  await commit('a', 5, 0)
  await acceptDaily(journal, 1, 10)
  await commit('b', 3, 11)
  expect((await journal.revisions('acme', ['key'])).get('key')?.map(({ rank }) => rank)).toEqual([3, 5])
})

test('every known key is found among many requested keys', async () => {
  const journal = await openTestJournal()
  const records = Array.from({ length: 750 }, (_, index) => exampleRecord(`record ${index}`))
  await journal.commit(examplePage(1, { records: records.filter((_, index) => index % 3 !== 0) }))
  const found = await journal.revisions(
    'acme',
    records.map(({ key }) => key),
  )
  expect([...found.keys()].sort()).toEqual(
    records
      .filter((_, index) => index % 3 !== 0)
      .map(({ key }) => key)
      .sort(),
  )
})

test('a clock that was temporarily far ahead does not extend how long keys are remembered', async () => {
  const journal = await openTestJournal({ rememberMs: 10 * dayMs })
  await accept(journal, 'ahead', 1_000)
  await acceptDaily(journal, 0, 20)
  expect(await known(journal, 'ahead', 'day 0', 'day 10', 'day 20')).toEqual(['day 10', 'day 20'])
})

test('the keys of many concurrent commits are found, and are stored in few runs', async () => {
  const path = join(temporaryDirectory(), 'journal.db')
  const journal = await openTestJournal({ path })
  const orgs = ['acme', 'globex', 'initech']
  const names = (org: string, round: number) =>
    Array.from({ length: 1 + (round % 7) }, (_, index) => `${org} ${round}/${index}`)
  const rounds = Array.from({ length: 120 }, (_, round) => round)
  for (const round of rounds) {
    await Promise.all(
      orgs.map((org) => {
        const records = names(org, round).map((name) => exampleRecord(name, { rank: round }))
        return journal.commit(examplePage(round, { org, scope: org, records }))
      }),
    )
  }

  const unknown = ['acme', 'globex'].map((name) => exampleRecord(name).key)
  const ranksOf = async (from: SqliteJournal, org: string) => {
    const keys = rounds.flatMap((round) => names(org, round).map((name) => exampleRecord(name).key))
    const found = await from.revisions(org, [...unknown, ...keys])
    return [...keys, ...unknown].map((key) => found.get(key)?.map(({ rank }) => rank))
  }
  const expected = (org: string) => [
    ...rounds.flatMap((round) => names(org, round).map(() => [round])),
    ...unknown.map(() => undefined),
  ]
  for (const org of orgs) expect(await ranksOf(journal, org)).toEqual(expected(org))
  await journal.close()

  const file = new DatabaseSync(path, { readOnly: true })
  const count = (what: string) => file.prepare(`SELECT ${what} AS count FROM run_0`).get()?.count
  expect(count('sum(entries)')).toBe(3 * rounds.flatMap((round) => names('', round)).length)
  expect(count('count(*)')).toBeLessThan(40)
  expect(file.prepare('SELECT sum(length(entries)) / 48 AS count FROM chunk_0').get()?.count).toBe(
    count('sum(entries)'),
  )
  file.close()
  const again = await openTestJournal({ path })
  for (const org of orgs) expect(await ranksOf(again, org)).toEqual(expected(org))
})

test('a key can have more revisions than fit into one chunk', async () => {
  const journal = await openTestJournal()
  const ranks = Array.from({ length: 400 }, (_, rank) => rank)
  const records = ranks.map((rank) => exampleRecord(`revision ${rank}`, { key: 'key', rank }))
  await journal.commit(examplePage(1, { records: records.toReversed() }))
  expect((await journal.revisions('acme', ['key'])).get('key')?.map(({ rank }) => rank)).toEqual(ranks)
})

test('a page that repeats a known revision is refused as a whole', async () => {
  const journal = await openTestJournal()
  const [first, second, third] = ['first', 'second', 'third'].map((name) => exampleRecord(name))
  if (first === undefined || second === undefined || third === undefined) throw new Error('three records')
  await journal.commit(examplePage(1, { records: [first] }))
  const end = await journal.end()

  await expect(journal.commit(examplePage(2, { records: [second, first] }))).rejects.toThrow('already known')
  await expect(journal.commit(examplePage(3, { records: [second, third, second] }))).rejects.toThrow(
    'already known',
  )

  expect(await journal.end()).toEqual(end)
  expect(await known(journal, 'first', 'second', 'third')).toEqual(['first'])
  await journal.commit(examplePage(4, { records: [second, third] }))
  expect(await known(journal, 'first', 'second', 'third')).toEqual(['first', 'second', 'third'])
})
