import { wholeMs } from '@cdrstream/core'
import type { Presence, RecordReference, SinkSession } from '@cdrstream/plugin'
import { expect, it } from 'vitest'
import { memoryJournal } from '../test/support/memory-journal.ts'
import { findPassed, type PassedRecords } from './passed-records.ts'

const acceptedAtMs = wholeMs(Date.UTC(2026, 8, 24))

/**
 * Returns what is found for a sink at record 4 of five, with record 1 acknowledged and these offsets in
 * quarantine. `holds` returns the sink's answer about a record, by its key.
 */
async function find(
  refused: readonly number[],
  holds?: (key: string, org: string) => Presence,
  acknowledgedOffset = 1,
  formerNames: readonly string[] = [],
): Promise<PassedRecords> {
  const journal = { ...memoryJournal(), formerNames: async () => formerNames }
  const records = ['a', 'b', 'c', 'd', 'e'].map((key) => ({
    key,
    fingerprint: key,
    rank: 1,
    home: '2026-09-24',
    acceptedAtMs,
    source: 'stream' as const,
    bytes: Buffer.from('{}'),
  }))
  journal.append('acme', records)
  const at = (offset: number) => journal.records[offset - 1]?.position ?? expect.fail('record not found')
  const session: SinkSession = {
    write: async () => ({ kind: 'accepted' }),
    ...(holds && {
      holds: async (asked: readonly RecordReference[]) => asked.map(({ key, org }) => holds(key, org)),
    }),
  }
  const span = { acknowledged: at(acknowledgedOffset), stored: at(4), refused }
  const found = await findPassed(span, journal, session, async (ask, asked) => ({
    outcome: await ask(asked, { signal: new AbortController().signal }),
    timedOut: false,
  }))
  return 'kind' in found ? expect.fail(String(found.cause)) : found
}

const offsets = ({ absent }: PassedRecords) => absent.map(({ position }) => position.offset)

it('a record that the sink passed without having it is found, unless it is in quarantine', async () => {
  const onlyFirst = (key: string) => (key === 'c' ? 'present' : 'absent')
  expect(offsets(await find([2], onlyFirst))).toEqual([4])
  expect(offsets(await find([], onlyFirst))).toEqual([2, 4])
  expect(offsets(await find([], () => 'expired'))).toEqual([])
})

it('a sink that is at its recorded position is not asked which records it has', async () => {
  expect(await find([2], () => expect.fail('asked'), 4)).toEqual({ absent: [], gap: null })
})

it('a sink that cannot report what it has gets a gap if it ever refused a record', async () => {
  expect(await find([])).toEqual({ absent: [], gap: null })
  expect((await find([2])).gap).toMatchObject({
    from: { offset: 1 },
    to: { offset: 4 },
    sinceMs: acceptedAtMs,
  })
})

it('a record that the sink has under a former name of its org was not passed', async () => {
  const has = new Map([
    ['a', 'first'],
    ['b', 'second'],
    ['c', 'acme'],
  ])
  const holds = (key: string, org: string) => (has.get(key) === org ? 'present' : 'absent')
  expect(offsets(await find([], holds, 1, ['first', 'second']))).toEqual([4])
})
