import { wholeMs } from '@cdrstream/core'
import type { Presence, RecordReference, SinkSession } from '@cdrstream/plugin'
import { expect, it } from 'vitest'
import { memoryJournal } from '../test/support/memory-journal.ts'
import { findPassed, type PassedRecords } from './passed-records.ts'

const acceptedAtMs = wholeMs(Date.UTC(2026, 8, 24))

/**
 * What is found of a sink that is at record 4 of five, where the journal has recorded 1 and what is in
 * quarantine. `holds`: what the sink says of records, by their keys.
 */
async function find(
  refused: readonly number[],
  holds?: (key: string) => Presence,
  acknowledgedOffset = 1,
): Promise<PassedRecords> {
  const journal = memoryJournal()
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
  const at = (offset: number) => journal.records[offset - 1]?.position ?? expect.fail('no such record')
  const session: SinkSession = {
    write: async () => ({ kind: 'accepted' }),
    ...(holds && { holds: async (asked: readonly RecordReference[]) => asked.map(({ key }) => holds(key)) }),
  }
  const span = { acknowledged: at(acknowledgedOffset), stored: at(4), refused }
  const found = await findPassed(span, journal, session, async (ask, asked) => ({
    outcome: await ask(asked, { signal: new AbortController().signal }),
    timedOut: false,
  }))
  return 'kind' in found ? expect.fail(String(found.cause)) : found
}

const offsets = ({ absent }: PassedRecords) => absent.map(({ position }) => position.offset)

it('a record that the sink went past without having it is found, unless it is in quarantine', async () => {
  const onlyFirst = (key: string) => (key === 'c' ? 'present' : 'absent')
  expect(offsets(await find([2], onlyFirst))).toEqual([4])
  expect(offsets(await find([], onlyFirst))).toEqual([2, 4])
  expect(offsets(await find([], () => 'expired'))).toEqual([])
})

it('nothing is asked of a sink that is where the journal has recorded it', async () => {
  expect(await find([2], () => expect.fail('asked'), 4)).toEqual({ absent: [], gap: null })
})

it('a sink that cannot tell what it has gets a gap if it has ever refused a record', async () => {
  expect(await find([])).toEqual({ absent: [], gap: null })
  expect((await find([2])).gap).toMatchObject({
    from: { offset: 1 },
    to: { offset: 4 },
    sinceMs: acceptedAtMs,
  })
})
