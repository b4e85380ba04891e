import { describe, expect, it } from 'vitest'
import type { DeliverableRecord } from './delivery-state.ts'
import { pendingRecords } from './pending-records.ts'

function record(offset: number, key: string, rank: number, org = 'acme'): DeliverableRecord {
  return { org, key, rank, position: { incarnation: 'this', offset, commit: '' } }
}

const none = { refused: new Set<number>(), acceptedAhead: new Set<number>() }
const only = (...records: readonly DeliverableRecord[]) =>
  new Set(records.map(({ position }) => position.offset))

describe('a sink that wants the latest revision', () => {
  const latest = { revisions: 'latest' } as const
  const high = record(1, 'a', 9)
  const low = record(2, 'a', 3)
  const others = [record(3, 'b', 1), record(4, 'a', 1, 'other')]
  const run = [high, low, ...others]

  it('receives the highest-ranked revision of each key, even if a lower-ranked one was accepted later', () => {
    expect(pendingRecords(run, none, latest)).toEqual([high, ...others])
  })

  it('receives the next lower revision if the highest is in quarantine', () => {
    expect(pendingRecords(run, { ...none, refused: only(high) }, latest)).toEqual([low, ...others])
  })

  it('does not receive a lower revision after it accepted a higher one', () => {
    expect(pendingRecords(run, { ...none, acceptedAhead: only(high) }, latest)).toEqual(others)
  })
})

it('a sink that wants all revisions receives each revision that it has neither accepted nor refused', () => {
  const run = [record(1, 'a', 2), record(2, 'a', 1), record(3, 'b', 1), record(4, 'c', 1)] as const
  const [first, second, third, last] = run
  const state = { refused: only(third), acceptedAhead: only(last) }
  expect(pendingRecords(run, state, { revisions: 'all' })).toEqual([first, second])
})
