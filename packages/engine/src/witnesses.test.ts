import type { StoredRecord } from '@cdrstream/core'
import { describe, expect, it } from 'vitest'
import { Witnesses } from './witnesses.ts'

const at = (offset: number) => ({ incarnation: 'this', offset, commit: '' })

function record(offset: number, home: string, acceptedOn = home, isSuperseded = false): StoredRecord {
  const key = `r${offset}`
  return {
    org: 'acme',
    key,
    rank: 1,
    home,
    acceptedAtMs: Date.parse(acceptedOn),
    source: 'stream',
    isSuperseded,
    text: '{}',
    content: undefined,
    position: at(offset),
  }
}

function chosen(witnesses: Witnesses, through: number): readonly string[] {
  return witnesses
    .upTo(at(through))
    .filter(({ kind }) => kind === 'first')
    .map(({ span, key }) => `${span} ${key}`)
}

describe("a sink's witness", () => {
  const records = [record(1, '2026-09-30'), record(2, '2026-09-30'), record(3, '2026-10-01')]

  it('is the first delivered record of each month', () => {
    const witnesses = new Witnesses('all')
    witnesses.consider(records, { kind: 'accepted' })
    expect(chosen(witnesses, 3)).toEqual(['2026-09 r1', '2026-10 r3'])
  })

  it('is never a record that the sink refused or that will be sent again', () => {
    const witnesses = new Witnesses('all')
    witnesses.consider(records, { kind: 'accepted', refused: [{ index: 0, reason: 'no' }], again: [2] })
    expect(chosen(witnesses, 3)).toEqual(['2026-09 r2'])
  })

  it('is never a record that is not durable yet', () => {
    const witnesses = new Witnesses('all')
    witnesses.consider(records, { kind: 'accepted', through: at(2) })
    expect(chosen(witnesses, 2)).toEqual(['2026-09 r1'])
  })

  it('is chosen once for each month, even across restarts', () => {
    const witnesses = new Witnesses('all')
    witnesses.consider(records, { kind: 'accepted' })
    witnesses.restart(witnesses.upTo(at(2)), [])
    witnesses.consider([record(4, '2026-09-29'), record(5, '2026-10-02')], { kind: 'accepted' })
    expect(chosen(witnesses, 5)).toEqual(['2026-10 r5'])
  })

  it('is chosen again for a month that was emptied; the old witness is kept until the new one is durable', () => {
    const witnesses = new Witnesses('all')
    witnesses.consider(records, { kind: 'accepted' })
    witnesses.restart(witnesses.upTo(at(3)), ['2026-09'])
    expect(witnesses.forgottenAt(at(3))).toEqual([])
    witnesses.consider(records.slice(1), { kind: 'accepted' })
    expect(witnesses.forgottenAt(at(1))).toEqual([])
    expect(witnesses.forgottenAt(at(2))).toEqual(['2026-09'])
    expect(chosen(witnesses, 3)).toEqual(['2026-09 r2'])
  })

  it('is also the last durable record of each acceptance day', () => {
    const witnesses = new Witnesses('all')
    const lasts = (through: number) =>
      witnesses
        .upTo(at(through))
        .filter(({ kind }) => kind === 'last')
        .map(({ span, key }) => `${span} ${key}`)
    witnesses.consider([record(1, '2026-09-30'), record(2, '2026-09-29', '2026-09-30')], { kind: 'accepted' })
    witnesses.consider([record(3, '2026-09-30')], { kind: 'accepted' })
    witnesses.consider([record(4, '2026-10-01'), record(5, '2026-10-01')], { kind: 'accepted', again: [1] })
    expect(lasts(2)).toEqual(['2026-09-30 r2'])
    expect(lasts(5)).toEqual(['2026-09-30 r3', '2026-10-01 r4'])
    witnesses.noteRecorded(witnesses.upTo(at(3)))
    expect(lasts(5)).toEqual(['2026-10-01 r4'])
  })

  it('is a superseded record only in a sink that keeps all revisions', () => {
    const day = '2026-09-30'
    const batch = [record(1, day), record(2, day), record(3, day, day, true)]
    for (const [revisions, last] of [
      ['all', 'r3'],
      ['latest', 'r2'],
    ] as const) {
      const witnesses = new Witnesses(revisions)
      witnesses.consider(batch, { kind: 'accepted' })
      expect(witnesses.upTo(at(3)).filter(({ kind }) => kind === 'last')).toMatchObject([{ key: last }])
    }
  })
})
