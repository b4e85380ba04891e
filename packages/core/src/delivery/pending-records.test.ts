import { describe, expect, it } from 'vitest'
import type { DeliverableRecord } from './delivery-state.ts'
import { pendingRecords } from './pending-records.ts'

let offset = 0

function record(key: string, rank: number, org = 'acme'): DeliverableRecord {
  offset += 1
  return { org, key, rank, position: { incarnation: 'this', offset, commit: '' } }
}

const none = { refused: new Set<number>(), acceptedAhead: new Set<number>() }
const only = (...records: readonly DeliverableRecord[]) =>
  new Set(records.map(({ position }) => position.offset))

describe('a sink that wants the latest revision', () => {
  const latest = { revisions: 'latest' } as const
  const high = record('a', 9)
  const low = record('a', 3)
  const others = [record('b', 1), record('a', 1, 'other')]
  const run = [high, low, ...others]

  it('gets the one with the highest rank of each key, also if a lower one was accepted later', () => {
    expect(pendingRecords(run, none, latest)).toEqual([high, ...others])
  })

  it('gets the next lower one if the highest is in quarantine', () => {
    expect(pendingRecords(run, { ...none, refused: only(high) }, latest)).toEqual([low, ...others])
  })

  it('does not get the lower one in the place of one that it has accepted', () => {
    expect(pendingRecords(run, { ...none, acceptedAhead: only(high) }, latest)).toEqual(others)
  })
})

it('a sink that wants all revisions gets each that it has not accepted or refused', () => {
  const run = [record('a', 2), record('a', 1), record('b', 1), record('c', 1)] as const
  const [first, second, third, last] = run
  const state = { refused: only(third), acceptedAhead: only(last) }
  expect(pendingRecords(run, state, { revisions: 'all' })).toEqual([first, second])
})
