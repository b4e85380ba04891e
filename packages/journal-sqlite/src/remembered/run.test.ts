import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { entryBytes, idBytes, readRevision, sortEntries, writeId, writeRevision } from './entry.ts'
import { hashId } from './id-filter.ts'
import { type Chunks, findEntries, mergeRuns, type Run, RunWriter } from './run.ts'

interface Entry {
  readonly org: number
  readonly key: string
  readonly rank: number
}

function memory(): Chunks & { readonly written: Map<number, Buffer> } {
  const written = new Map<number, Buffer>()
  return {
    written,
    read: (chunk) => written.get(chunk) ?? Buffer.alloc(0),
    write: (chunk, entries) => written.set(chunk, Buffer.from(entries)),
  }
}

function digits(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32)
}

function pack(entries: readonly Entry[]): Buffer {
  const bytes = Buffer.alloc(entries.length * entryBytes)
  for (const [index, { org, key, rank }] of entries.entries()) {
    writeId(bytes, index * entryBytes, org, key)
    const fingerprint = digits(`${rank}`)
    writeRevision(bytes, index * entryBytes, { fingerprint, rank, home: '2026-11-24' })
  }
  return sortEntries(bytes)
}

function write(chunks: Chunks, firstChunk: number, entries: readonly Entry[]): Run {
  const bytes = pack(entries)
  const writer = new RunWriter(chunks, firstChunk, entries.length)
  for (let at = 0; at < bytes.length; at += entryBytes) writer.add(bytes, at)
  return writer.end()
}

function ranksIn(run: Run, chunks: Chunks, org: number, key: string): readonly number[] {
  const id = Buffer.alloc(idBytes)
  writeId(id, 0, org, key)
  if (!run.filter.mayHave(hashId(id, 0))) return []
  return findEntries(run, { bytes: id, at: 0 }, chunks)
    .map(({ bytes, at }) => readRevision(bytes, at).rank)
    .sort((a, b) => a - b)
}

const uuidOf = (number: number) => digits(`${number}`).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')

// Few keys and orgs, so that an id often has many entries, which continue in the next chunk.
const anyEntry = fc.record({
  org: fc.integer({ min: 1, max: 2 }),
  key: fc.integer({ min: 0, max: 4 }).map((number) => (number < 3 ? uuidOf(number) : `content:${number}`)),
  rank: fc.integer({ min: 0, max: 1e6 }),
})

test('every entry of an id is found, in the single runs and in the merged run', () => {
  const anyRun = fc.array(anyEntry, { minLength: 1, maxLength: 900, size: 'max' })
  fc.assert(
    fc.property(fc.array(anyRun, { minLength: 1, maxLength: 4 }), (lists) => {
      const chunks = memory()
      const runs = lists.map((entries, index) => write(chunks, index * 1_000, entries))
      const merged = mergeRuns(runs, 10_000, chunks)
      for (const [index, run] of [...runs, merged].entries()) {
        const entries = lists[index] ?? lists.flat()
        expect(run.entries).toBe(entries.length)
        for (const org of [1, 2, 3]) {
          for (const key of [uuidOf(0), uuidOf(1), uuidOf(2), 'content:3', 'content:4', 'other']) {
            const ranks = entries
              .filter((entry) => entry.org === org && entry.key === key)
              .map(({ rank }) => rank)
            expect(ranksIn(run, chunks, org, key)).toEqual(ranks.sort((a, b) => a - b))
          }
        }
      }
    }),
    { numRuns: 60 },
  )
})

test('a chunk fits into a page of 8 KB', () => {
  const chunks = memory()
  write(
    chunks,
    0,
    Array.from({ length: 1_000 }, (_, rank) => ({ org: 1, key: uuidOf(rank), rank })),
  )
  expect([...chunks.written.keys()]).toEqual([0, 1, 2, 3, 4, 5])
  // The maximum number of bytes that a row can have in a leaf page of 8,192 bytes before SQLite adds an
  // overflow page, minus the row header: https://sqlite.org/fileformat2.html
  for (const { length } of chunks.written.values()) expect(length).toBeLessThanOrEqual(8_192 - 35 - 3)
})

test.each([
  ['random', uuidOf],
  ['sequential', (number: number) => `00000000-0000-4000-8000-${`${number}`.padStart(12, '0')}`],
])(
  'the filter of a run accepts fewer than one in a hundred %s ids that the run does not have',
  (_, keyOf) => {
    const chunks = memory()
    const run = write(
      chunks,
      0,
      Array.from({ length: 5_000 }, (_, rank) => ({ org: 1, key: keyOf(rank), rank })),
    )
    const id = Buffer.alloc(idBytes)
    const isAccepted = (org: number, number: number): boolean => {
      writeId(id, 0, org, keyOf(number))
      return run.filter.mayHave(hashId(id, 0))
    }
    const numbers = Array.from({ length: 20_000 }, (_, index) => index)
    expect(numbers.filter((number) => isAccepted(1, 5_000 + number)).length).toBeLessThan(200)
    expect(numbers.filter((number) => isAccepted(2, number)).length).toBeLessThan(200)
  },
)

test.each([
  ['a fingerprint', { fingerprint: 'f', rank: 1, home: '2026-11-24' }],
  ['a rank', { fingerprint: digits('a'), rank: 1.5, home: '2026-11-24' }],
  ['a day', { fingerprint: digits('a'), rank: 1, home: 'today' }],
])('a revision without %s is refused', (_, revision) => {
  expect(() => writeRevision(Buffer.alloc(entryBytes), 0, revision)).toThrow(RangeError)
})

test('similar keys have different ids', () => {
  const uuid = uuidOf(1)
  const raw = Buffer.from(uuid.replaceAll('-', ''), 'hex').toString('latin1')
  const keys = [
    uuid,
    `${uuid}00`,
    uuid.slice(0, -2),
    uuid.toUpperCase(),
    uuid.replaceAll('-', ''),
    raw,
    ` ${uuid}`,
    '',
    '\0',
  ]
  const ids = keys.map((key) => {
    const id = Buffer.alloc(idBytes)
    writeId(id, 0, 1, key)
    return id.toString('hex')
  })
  expect(new Set(ids).size).toBe(keys.length)
})
