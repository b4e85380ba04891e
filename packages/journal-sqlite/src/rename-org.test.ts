import { join } from 'node:path'
import { wholeMs } from '@cdrstream/core'
import { expect, test } from 'vitest'
import { examplePage, exampleProgress, exampleRecord } from '../test/support/example-page.ts'
import { openTestJournal } from '../test/support/open-test-journal.ts'
import { temporaryDirectory } from '../test/support/temporary-directory.ts'
import type { SqliteJournal } from './sqlite-journal.ts'

async function commit(journal: SqliteJournal, org: string, number: number, scope = org): Promise<void> {
  const refused = { org, sink: null, reason: 'not a record', text: String(number), atMs: wholeMs(0) }
  await journal.commit(
    examplePage(number, {
      org,
      scope,
      records: [exampleRecord(`${org} ${number}`)],
      quarantined: [refused],
      budget: { credential: org, change: (budget) => ({ ...budget, limitedInARow: number }) },
    }),
  )
}

async function namesOf(journal: SqliteJournal): Promise<readonly string[]> {
  const { records } = await journal.read(await journal.start(), { records: 100, bytes: 1e6 })
  return records.map(({ org }) => org)
}

test('a renamed org keeps its coverage, keys, budget, quarantine and records', async () => {
  const path = join(temporaryDirectory(), 'journal.db')
  let journal = await openTestJournal({ path })
  await commit(journal, 'acme', 1)
  await commit(journal, 'acme', 2, 'acme/0123')
  await commit(journal, 'acme-two', 3)

  expect(await journal.renameOrg('acme', 'globex')).toBe('renamed')
  expect(await journal.renameOrg('acme', 'globex')).toBe('unknown')
  await journal.close()
  journal = await openTestJournal({ path })

  expect(await journal.formerNames('globex')).toEqual(['acme'])
  expect(await journal.formerNames('acme-two')).toEqual([])
  expect(await journal.orgs()).toEqual(['acme-two', 'globex'])
  expect(await journal.progress('globex')).toEqual(exampleProgress(1))
  expect(await journal.progress('globex/0123')).toEqual(exampleProgress(2))
  expect(await journal.progress('acme')).toBeUndefined()
  expect(await journal.progress('acme-two')).toEqual(exampleProgress(3))
  expect([...(await journal.revisions('globex', [exampleRecord('acme 1').key])).keys()]).toHaveLength(1)
  expect((await journal.budget('globex')).limitedInARow).toBe(2)
  expect(await journal.credentials()).toEqual(['acme-two', 'globex'])
  expect((await journal.inspect()).quarantined).toEqual([
    { org: 'acme-two', sink: null, items: 1 },
    { org: 'globex', sink: null, items: 2 },
  ])
  expect(await namesOf(journal)).toEqual(['globex', 'globex', 'acme-two'])
})

test('an org is not renamed to a name that the journal already has', async () => {
  const journal = await openTestJournal()
  await commit(journal, 'acme', 1)
  await commit(journal, 'globex', 2)

  expect(await journal.renameOrg('acme', 'globex')).toBe('both-known')
  expect(await namesOf(journal)).toEqual(['acme', 'globex'])
})

test('a rename also applies to records that were read before', async () => {
  const journal = await openTestJournal()
  await commit(journal, 'acme', 1)
  await commit(journal, 'other', 2)
  expect(await namesOf(journal)).toEqual(['acme', 'other'])
  await journal.renameOrg('acme', 'globex')
  expect(await namesOf(journal)).toEqual(['globex', 'other'])
})
