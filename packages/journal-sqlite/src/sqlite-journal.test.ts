import { join } from 'node:path'
import { wholeMs } from '@cdrstream/core'
import { unusedBudget } from '@cdrstream/core/budget'
import type { QuarantineItem } from '@cdrstream/engine'
import { expect, test } from 'vitest'
import { acknowledge, acknowledged } from '../test/support/acknowledge.ts'
import {
  dayMs,
  examplePage,
  exampleProgress,
  exampleRecord,
  exampleStartMs,
  textOf,
} from '../test/support/example-page.ts'
import { openTestJournal, readTexts } from '../test/support/open-test-journal.ts'
import { plainRecords } from '../test/support/plain-records.ts'
import { temporaryDirectory } from '../test/support/temporary-directory.ts'

const everything = { records: 1e9, bytes: 1e12 }

test('a new journal has no records, no coverage and no keys, and its budget is unused', async () => {
  const journal = await openTestJournal()
  const start = { incarnation: journal.incarnation, offset: 0, commit: '' }
  expect(journal.incarnation).toMatch(/^[0-9a-f]{16}$/)
  expect(await journal.start()).toEqual(start)
  expect(await journal.end()).toEqual(start)
  expect(await journal.read(start, everything)).toEqual({ records: [], to: start })
  expect(await journal.progress('acme')).toBeUndefined()
  expect(await journal.revisions('acme', ['a'])).toEqual(new Map())
  expect(await journal.budget('token')).toEqual(unusedBudget)
  expect(await acknowledged(journal, 'files')).toBeUndefined()
})

test('a large commit that is stored in several blocks is returned by one read', async () => {
  const journal = await openTestJournal()
  const page = examplePage(1, {
    records: ['a', 'b', 'c'].map((name) =>
      exampleRecord(name, { bytes: Buffer.from(`{"${name}":"${name.repeat(2_500_000)}"}`) }),
    ),
  })
  await journal.commit(page)
  const texts = await readTexts(journal)
  expect(texts.map((text) => text.length)).toEqual(page.records.map((record) => textOf(record).length))
  expect(texts.map((text) => text.slice(0, 5))).toEqual(['{"a":', '{"b":', '{"c":'])
})

test('everything in a commit is read back after a restart', async () => {
  const path = join(temporaryDirectory(), 'journal.db')
  const first = await openTestJournal({ path })
  const page = examplePage(1, {
    records: [
      exampleRecord('a', { rank: Number.MAX_SAFE_INTEGER, home: '1969-12-31', source: 'feed' }),
      exampleRecord('b', { key: 'not a UUID', acceptedAtMs: wholeMs(exampleStartMs + 5) }),
      exampleRecord('c', { bytes: Buffer.from('') }),
      exampleRecord('d', { bytes: Buffer.from('{"nul":"\u0000","emoji":"📞","tail":"\ufeff\u2028"}') }),
    ],
  })
  const end = await first.commit(page)
  await first.close()

  const journal = await openTestJournal({ path })
  expect(journal.incarnation).toBe(first.incarnation)
  expect(await journal.end()).toEqual(end)
  const { records, to } = await journal.read(await journal.start(), everything)
  expect(to).toEqual(end)
  expect(plainRecords(records)).toEqual(
    page.records.map(({ fingerprint: _, bytes, ...record }, index) => ({
      ...record,
      text: textOf({ bytes }),
      org: 'acme',
      position: { incarnation: journal.incarnation, offset: index + 1, commit: end.commit },
    })),
  )
  expect(await journal.progress('acme')).toEqual(page.progress)
  expect((await journal.budget('token')).limitedInARow).toBe(1)
  const keys = page.records.map(({ key }) => key)
  expect(await journal.revisions('acme', [...keys, 'unknown'])).toEqual(
    new Map(page.records.map(({ key, fingerprint, rank, home }) => [key, [{ fingerprint, rank, home }]])),
  )
})

test('records read from memory right after a commit equal the records read from a reopened journal', async () => {
  const path = join(temporaryDirectory(), 'journal.db')
  const journal = await openTestJournal({ path })
  const texts = ['{"User":"Zoë"}', '{"User":"東京"}', '', '{"User":"📞\ufeff\u2028"}', '{"User":"Jane"}']
  // As with a source, all records share the memory of one page.
  const page = Buffer.from(texts.join())
  let end = -1
  const records = texts.map((text) => {
    const start = end + 1
    end = start + Buffer.byteLength(text)
    return exampleRecord(`${start}`, { bytes: page.subarray(start, end) })
  })
  await journal.commit(examplePage(1, { records }))
  expect(await readTexts(journal)).toEqual(texts)
  await journal.close()
  expect(await readTexts(await openTestJournal({ path }))).toEqual(texts)
})

test('records can be read after a commit even if the memory of their page is released', async () => {
  const journal = await openTestJournal()
  let end = await journal.end()
  for (let at = 0; at < 3; at += 1) {
    const texts = ['{"User":"Zoë"}', `{"User":"${'x'.repeat(5_000_000)}"}`, `{"page":${at}}`]
    const records = texts.map((text, index) => {
      // Each in its own buffer, because only a whole buffer can be released.
      const bytes = Buffer.alloc(Buffer.byteLength(text), text)
      return exampleRecord(`${at}-${index}`, { bytes, content: `content ${at}-${index}` })
    })
    await journal.commit(examplePage(at + 1, { records }))
    for (const { bytes } of records) (bytes.buffer as ArrayBuffer).transfer(0)
    const run = await journal.read(end, everything)
    expect(run.records.map(({ text }) => text)).toEqual(texts)
    expect(run.records.map(({ content }) => content)).toEqual(
      texts.map((_, index) => `content ${at}-${index}`),
    )
    end = run.to
  }
})

test('all revisions of a key are remembered, separately for each org', async () => {
  const journal = await openTestJournal()
  const revision = (name: string, rank: number) => exampleRecord(name, { key: 'key', rank })
  await journal.commit(examplePage(1, { records: [revision('a', 1), revision('b', 3)] }))
  await journal.commit(examplePage(2, { records: [revision('c', 2)] }))
  await journal.commit(examplePage(3, { org: 'other', scope: 'other', records: [revision('d', 9)] }))
  const ranks = async (org: string) =>
    (await journal.revisions(org, ['key'])).get('key')?.map(({ rank }) => rank)
  expect(await ranks('acme')).toEqual([1, 2, 3])
  expect(await ranks('other')).toEqual([9])
  expect(await ranks('unknown')).toBeUndefined()
})

test('a commit without records updates coverage and budget, and leaves the end where it is', async () => {
  const journal = await openTestJournal()
  const end = await journal.commit(examplePage(1))
  expect(await journal.commit(examplePage(2, { records: [] }))).toEqual(end)
  expect(await journal.progress('acme')).toEqual(exampleProgress(2))
  expect((await journal.budget('token')).limitedInARow).toBe(2)
})

test('coverage is stored unchanged when intervals are added, changed or removed', async () => {
  const journal = await openTestJournal()
  const coverages = [
    [{ fromSec: 0, toSec: 10, level: 'read' }],
    [
      { fromSec: 0, toSec: 5, level: 'final' },
      { fromSec: 5, toSec: 9, level: 'doubtful' },
      { fromSec: 12, toSec: 20, level: 'gap' },
    ],
    [{ fromSec: 0, toSec: 20, level: 'final' }],
    [],
  ] as const
  for (const [index, coverage] of coverages.entries()) {
    const progress = { ...exampleProgress(index), coverage }
    await journal.commit(examplePage(index, { progress }))
    expect(await journal.progress('acme')).toEqual(progress)
  }
})

test('a commit that fails halfway changes nothing', async () => {
  const journal = await openTestJournal()
  const end = await journal.commit(examplePage(1))
  const known = examplePage(1).records.at(-1)
  const failing = [
    examplePage(2, { records: [exampleRecord('new'), ...(known ? [known] : [])] }),
    examplePage(2, { records: [exampleRecord('new', { home: 'no day' })] }),
    examplePage(2, {
      quarantined: [item('acme', null)],
      budget: {
        credential: 'token',
        change: () => {
          throw new Error('broken')
        },
      },
    }),
  ]
  for (const page of failing) await expect(journal.commit(page)).rejects.toThrow()
  expect(await journal.end()).toEqual(end)
  expect(await journal.progress('acme')).toEqual(exampleProgress(1))
  expect(await journal.revisions('acme', [exampleRecord('new').key])).toEqual(new Map())
  expect((await journal.inspect()).quarantined).toEqual([])
  await journal.commit(examplePage(2))
  expect(await readTexts(journal)).toHaveLength(6)
})

test('concurrent commits of several orgs get contiguous offsets, and no commit is split by another', async () => {
  const journal = await openTestJournal()
  const pages = Array.from({ length: 12 }, (_, index) =>
    // Large and small pages: the large ones are compressed on another thread and finish later.
    examplePage(index, {
      org: `org-${index % 3}`,
      scope: `org-${index % 3}`,
      textLength: index % 2 === 0 ? 50_000 : 10,
    }),
  )
  await Promise.all(pages.map((page) => journal.commit(page)))
  const { records } = await journal.read(await journal.start(), everything)
  expect(records.map(({ position }) => position.offset)).toEqual(
    Array.from({ length: 36 }, (_, index) => index + 1),
  )
  for (const page of pages) {
    const first = records.findIndex(({ key }) => key === page.records[0]?.key)
    const own = records.slice(first, first + page.records.length)
    expect(own.map(({ text }) => text)).toEqual(page.records.map(textOf))
    expect(new Set(own.map(({ position }) => position.commit)).size).toBe(1)
  }
})

test('a run is limited by records and bytes, and is never empty before the end', async () => {
  const journal = await openTestJournal()
  const textBytes = examplePage(1).records[0]?.bytes.length ?? 0
  for (const number of [1, 2, 3]) await journal.commit(examplePage(number, { count: 5 }))
  const all = await readTexts(journal)
  const limits = [
    { limit: { records: 4, bytes: 1e9 }, run: 4 },
    { limit: { records: 7, bytes: 1e9 }, run: 7 },
    { limit: { records: 1e9, bytes: 3 * textBytes }, run: 3 },
    { limit: { records: 1e9, bytes: 1 }, run: 1 },
    { limit: { records: 0, bytes: 0 }, run: 1 },
  ]
  for (const { limit, run } of limits) {
    const texts: string[] = []
    let at = await journal.start()
    for (;;) {
      const { records, to } = await journal.read(at, limit)
      if (records.length === 0) break
      expect(records.length).toBe(Math.min(run, all.length - texts.length))
      expect(to).toEqual(records.at(-1)?.position)
      texts.push(...records.map(({ text }) => text))
      at = to
    }
    expect(texts).toEqual(all)
  }
})

test('a large page is split into several blocks of one commit, and is read back byte for byte', async () => {
  const journal = await openTestJournal()
  const page = examplePage(1, { count: 30, textLength: 500_000 })
  const end = await journal.commit(page)
  expect(end.offset).toBe(30)
  expect(await readTexts(journal)).toEqual(page.records.map(textOf))
  for (const offset of [1, 8, 9, 30]) expect(await journal.owns({ ...end, offset })).toBe(true)
})

test('the position of a time is just before the first record accepted at or after that time', async () => {
  const journal = await openTestJournal()
  const at = (name: string, ms: number) => exampleRecord(name, { acceptedAtMs: wholeMs(exampleStartMs + ms) })
  const first = await journal.commit(examplePage(1, { records: [at('a', 10), at('b', 20)] }))
  // The clock went back.
  const second = await journal.commit(examplePage(2, { records: [at('c', 5), at('d', 30)] }))
  const positionAt = (ms: number) => journal.positionAt(exampleStartMs + ms)
  expect(await positionAt(0)).toEqual(await journal.start())
  expect(await positionAt(10)).toEqual(await journal.start())
  expect(await positionAt(11)).toEqual({ ...first, offset: 1 })
  expect(await positionAt(25)).toEqual({ ...second, offset: 3 })
  expect(await positionAt(31)).toEqual(second)
})

test('a budget is changed from its stored value, unless the function returns undefined', async () => {
  const journal = await openTestJournal()
  const slot = { id: 'a', kind: 'initial', countsFromMs: null } as const
  const stored = await journal.changeBudget('token', (budget) => ({
    ...budget,
    slots: [...budget.slots, slot],
  }))
  expect(stored).toEqual({ ...unusedBudget, slots: [slot] })
  expect(await journal.changeBudget('token', () => undefined)).toBeUndefined()
  expect(await journal.budget('token')).toEqual(stored)
  expect(await journal.budget('another')).toEqual(unusedBudget)
})

test('an acknowledgement and its refused records are stored together or not at all', async () => {
  const journal = await openTestJournal()
  const end = await journal.commit(examplePage(1, { quarantined: [item('acme', null), item('other', null)] }))
  await acknowledge(journal, 'files', end, [item('acme', 'files'), item('acme', 'files')])
  expect(await acknowledged(journal, 'files')).toEqual(end)
  await expect(
    acknowledge(journal, 'files', { ...end, commit: 'unknown' }, [item('acme', 'files')]),
  ).rejects.toThrow()
  expect((await journal.inspect()).quarantined).toEqual([
    { org: 'acme', sink: null, items: 1 },
    { org: 'acme', sink: 'files', items: 2 },
    { org: 'other', sink: null, items: 1 },
  ])
  // A replay starts over.
  await acknowledge(journal, 'files', await journal.start())
  expect((await acknowledged(journal, 'files'))?.offset).toBe(0)
})

test('a snapshot has the scopes, the lag of each sink, and the size in bytes', async () => {
  const journal = await openTestJournal()
  const first = await journal.commit(examplePage(1))
  await acknowledge(journal, 'files', first)
  const end = await journal.commit(examplePage(2, { scope: 'acme at Berlin' }))
  const snapshot = await journal.inspect()
  expect(snapshot).toMatchObject({
    start: { offset: 0 },
    end,
    scopes: [
      { org: 'acme', scope: 'acme', progress: exampleProgress(1) },
      { org: 'acme', scope: 'acme at Berlin', progress: exampleProgress(2) },
    ],
    sinks: [{ sink: 'files', position: first, lagRecords: 3 }],
    sinkGaps: [],
    quarantined: [],
  })
  expect(snapshot.bytes.file).toBeGreaterThan(0)
  expect(snapshot.bytes.file % 8_192).toBe(0)
  expect(snapshot.bytes.wal).toBeGreaterThan(0)
})

test('the space for new records is the free space of the disk minus the space that must stay free', async () => {
  const path = join(temporaryDirectory(), 'journal.db')
  const journal = await openTestJournal({ path, minFreeDiskBytes: 0 })
  expect(await journal.roomBytes()).toBeGreaterThan(0)
  await journal.close()
  const reserved = await openTestJournal({ path, minFreeDiskBytes: 1e18 })
  expect(await reserved.roomBytes()).toBeLessThan(0)
})

test('a command can change only budgets, and a reader cannot change anything', async () => {
  const path = join(temporaryDirectory(), 'journal.db')
  const collector = await openTestJournal({ path })
  const end = await collector.commit(examplePage(1))
  const command = await openTestJournal({ path, access: 'command' })
  const reader = await openTestJournal({ path, access: 'reader' })
  await command.changeBudget('token', (budget) => ({ ...budget, notBeforeMs: 5 }))
  await collector.changeBudget('token', (budget) => ({ ...budget, limitedInARow: 6 }))
  expect(await reader.budget('token')).toEqual({ slots: [], notBeforeMs: 5, limitedInARow: 6 })
  expect(await readTexts(reader)).toHaveLength(3)
  for (const journal of [command, reader]) {
    await expect(journal.commit(examplePage(2))).rejects.toThrow()
    await expect(acknowledge(journal, 'files', end)).rejects.toThrow()
    await expect(journal.prune(wholeMs(exampleStartMs + 99 * dayMs), [])).rejects.toThrow()
  }
  await expect(reader.changeBudget('token', (budget) => budget)).rejects.toThrow()
})

test('a position from another journal is refused', async () => {
  const journal = await openTestJournal()
  const other = await openTestJournal()
  await expect(journal.read(await other.start(), everything)).rejects.toThrow()
})

test('a closed journal refuses calls, and can be closed again', async () => {
  const journal = await openTestJournal()
  const commit = journal.commit(examplePage(1, { textLength: 100_000 }))
  await journal.close()
  await expect(commit).rejects.toThrow()
  await expect(journal.end()).rejects.toThrow()
  await journal.close()
})

function item(org: string, sink: string | null): QuarantineItem {
  return { org, sink, reason: 'not a record: null', text: 'null\u0000', atMs: exampleStartMs }
}
