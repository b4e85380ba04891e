import { type FieldPolicy, wholeMs } from '@cdrstream/core'
import { createWords, type Words } from '@cdrstream/core/words'
import type { Batch, CdrRecord, Position, SinkTraits, WriteOutcome } from '@cdrstream/plugin'
import { ProcessClock, VirtualTime } from '@cdrstream-internal/virtual-time'
import { beforeEach, expect, it } from 'vitest'
import { type MemoryJournal, memoryJournal } from '../test/support/memory-journal.ts'
import { Broadcast } from './broadcast.ts'
import { deliver } from './deliver-loop.ts'
import { JournalClock } from './journal-clock.ts'
import { MarkBoard } from './mark-board.ts'
import { StallWatch } from './stall-watch.ts'

const startMs = Date.UTC(2026, 8, 24)
const policy: FieldPolicy = { classes: { number: { kind: 'mask', digits: 4 }, name: { kind: 'drop' } } }

let time: VirtualTime
let journal: MemoryJournal
let logged: string
/** All records that the sink saw. */
let seen: CdrRecord[]

beforeEach(() => {
  time = new VirtualTime(startMs)
  journal = memoryJournal()
  logged = ''
  seen = []
})

const number = (at: number) => `+49301234${String(at).padStart(4, '0')}`

function append(count: number): void {
  const first = journal.records.length
  journal.append(
    'acme',
    Array.from({ length: count }, (_, index) => ({
      key: `r${first + index}`,
      fingerprint: '',
      rank: 1,
      home: '2026-09-24',
      acceptedAtMs: wholeMs(time.nowMs),
      source: 'stream' as const,
      bytes: Buffer.from(
        JSON.stringify({
          'Report ID': `r${first + index}`,
          'Calling number': number(first + index),
          User: 'Jane Canary',
          'Authorization code': '271828',
        }),
      ),
    })),
  )
}

interface Trial {
  readonly write?: (batch: Batch, attempt: number) => WriteOutcome
  readonly position?: Position
  readonly traits?: SinkTraits
  readonly fields?: FieldPolicy
  readonly words?: Words
  readonly flush?: () => Promise<never>
  readonly close?: () => Promise<never>
}

/** Delivers all records to a sink, then ends. */
async function run({
  write,
  position,
  traits = { idempotence: 'key' },
  fields = policy,
  words,
  flush,
  close,
}: Trial = {}): Promise<void> {
  let attempts = 0
  const note = (message: string, more?: unknown) => {
    logged += `${message} ${JSON.stringify(more)}\n`
  }
  const draining = new AbortController()
  let ended = false
  void deliver({
    setup: {
      name: 'spy',
      traits,
      from: 'earliest',
      fields,
      sink: {
        open: async () => ({
          kind: 'opened',
          ...(position && { position }),
          session: {
            write: async (batch) => {
              seen.push(...batch.records)
              attempts += 1
              return write?.(batch, attempts) ?? { kind: 'accepted' }
            },
            ...(flush && { flush }),
            ...(close && { close }),
          },
        }),
      },
    },
    platform: { clock: new ProcessClock(time, () => false), digest: (text) => text, newId: () => 'id' },
    journal,
    log: { debug: note, info: note, warn: note, error: note },
    ...(words && { words }),
    mode: 'continuous',
    committed: new Broadcast(),
    marks: new MarkBoard(12 * 3_600_000),
    time: new JournalClock(new ProcessClock(time, () => false), undefined),
    draining: draining.signal,
    stall: new StallWatch(new ProcessClock(time, () => false), Number.POSITIVE_INFINITY),
    deadline: new AbortController().signal,
  }).then(() => {
    ended = true
  })
  await time.passUntil(startMs + 20 * 60_000)
  draining.abort()
  await time.passUntil(startMs + 40 * 60_000, () => ended)
}

function expectMasked(keys: readonly string[]): void {
  expect([...new Set(seen.map(({ key }) => key))].sort()).toEqual([...keys].sort())
  for (const { key, rank, home, text, fields } of seen) {
    expect(fields).toMatchObject({
      report_id: key,
      calling_number: `+********${key.slice(1).padStart(4, '0')}`,
      user: null,
      authorization_code: null,
    })
    expect(JSON.parse(text)).toMatchObject({ User: '', 'Calling number': fields.calling_number })
    expect({ rank, home }).toEqual({ rank: 1, home: '2026-09-24' })
  }
}

const keys = (count: number) => Array.from({ length: count }, (_, index) => `r${index}`)

it('a sink receives only what its policy leaves, even in large batches', async () => {
  append(600)
  await run()
  expectMasked(keys(600))
})

it('a sink without a policy receives everything except secrets', async () => {
  append(1)
  await run({ fields: {} })
  const [record] = seen
  expect(record?.fields).toMatchObject({
    calling_number: number(0),
    user: 'Jane Canary',
    authorization_code: null,
  })
})

it('records stay masked when sent again: in smaller batches, after a restart, and from another journal', async () => {
  append(8)
  await run({
    write: (_, attempt) => (attempt === 1 ? { kind: 'accepted', again: [3, 5] } : { kind: 'accepted' }),
  })
  expect(seen).toHaveLength(10)
  append(4)
  await run()
  expectMasked(keys(12))

  seen = []
  await run({
    traits: { idempotence: 'position' },
    position: { incarnation: 'other', offset: 4, commit: 'x' },
  })
  expectMasked(keys(12))
})

it('quarantine keeps a refused record unmasked, with a reason that contains none of its content', async () => {
  append(4)
  await run({
    write: ({ records }) => {
      const bad = records.find(({ key }) => key === 'r2')
      if (bad === undefined) return { kind: 'accepted' }
      return { kind: 'rejected', reason: `cannot take ${bad.fields.calling_number} of ${bad.org}` }
    },
  })

  expectMasked(keys(4))
  expect(journal.quarantine.map(({ reason, text }) => ({ reason, text: JSON.parse(text) }))).toEqual([
    {
      reason: 'cannot take … of acme',
      text: expect.objectContaining({ 'Calling number': number(2), 'Authorization code': '271828' }),
    },
  ])
})

it.each<readonly [string, NonNullable<Trial['write']>]>([
  [
    'refuses',
    ({ records }) => ({
      kind: 'accepted',
      refused: records.map(({ text }, index) => ({ index, reason: text })),
    }),
  ],
  [
    'fails',
    ({ records }) => ({
      kind: 'failed',
      code: 'bad',
      remedy: `${records[0]?.text}`,
      cause: records[0]?.text,
    }),
  ],
  ['retries', ({ records }) => ({ kind: 'retry', cause: new Error(records[0]?.text) })],
  [
    'throws',
    ({ records }) => {
      throw new Error(`duplicate of ${JSON.stringify(records[0]?.text)}`)
    },
  ],
])('no record content gets into the log or a reason when a sink %s and quotes a record', async (_, write) => {
  append(3)
  await run({ fields: {}, write })

  const shown = logged + JSON.stringify(journal.quarantine.map(({ reason }) => reason))
  expect(seen[0]?.text).toContain(number(0))
  expect(shown).toContain('Calling number')
  expect(shown).not.toContain('Canary')
  expect(shown).not.toMatch(/4930|271828/)
})

const spellings: readonly (readonly [string, (record: CdrRecord) => string])[] = [
  ['uppercase', ({ fields }) => `${fields.user}`.toUpperCase()],
  ['separators', ({ fields }) => `${fields.calling_number}`.replace(/\d{3}/g, '$&-')],
  ['escapes', ({ fields }) => encodeURIComponent(`${fields.user} ${fields.calling_number}`)],
  ['a national form', ({ fields }) => `${fields.calling_number}`.replace('+49', '(0) ')],
]

it.each(spellings)('a record that a sink quotes with %s is hidden', async (_, quote) => {
  append(1)
  await run({
    fields: {},
    write: ({ records: [record] }) => ({ kind: 'retry', cause: record && quote(record) }),
  })

  expect(logged).toContain('retrying')
  expect(logged).not.toMatch(/canary|1234/i)
})

it('records of the last batch are also hidden in errors from flush and close', async () => {
  append(1)
  const complain = async () => {
    throw new Error(`still has ${seen[0]?.text}`)
  }
  await run({
    fields: {},
    write: ({ from }) => ({ kind: 'accepted', through: from }),
    flush: complain,
    close: complain,
  })

  expect(logged).toContain('the sink did not close')
  expect(logged.match(/Calling number/g)?.length).toBeGreaterThanOrEqual(2)
  expect(logged).not.toMatch(/Canary|4930/)
})

it('text from a sink is stored and logged without secrets, as one line of limited length', async () => {
  append(1)
  const hostile = `canary-token\u001b[2J\u009b1m\n{"level":"info","msg":"ok"}\u202e\u2028${'x'.repeat(9_000)}`
  await run({
    words: createWords(['canary-token']),
    write: ({ records }) =>
      records.length === 1
        ? { kind: 'refused', refused: [{ index: 0, reason: hostile }] }
        : { kind: 'accepted' },
  })

  const [{ reason } = { reason: '' }] = journal.quarantine
  expect(reason).toMatch(/^\[secret\] \[2J 1m \{"level":"info","msg":"ok"\} x+…$/)
  expect(reason.length).toBeLessThanOrEqual(500)
})
