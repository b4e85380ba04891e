import { describe, expect, it } from 'vitest'
import type { SubjectState } from './ports/index.ts'
import { SubjectWatch } from './subject-watch.ts'

function watch() {
  const clock = { atMs: 1_000, nowMs: () => clock.atMs, sleep: async () => {}, yield: async () => {} }
  const states: SubjectState[] = []
  const subject = { subject: 'sink', name: 'search' } as const
  const watched = new SubjectWatch({ stateChanged: (state) => void states.push(state) }, subject, clock, [
    'journal',
    'delivery',
  ])
  return { clock, states, watched }
}

describe("a subject's state", () => {
  it('is the state of the first part that is not fine', () => {
    const { states, watched } = watch()
    watched.note('delivery', { state: 'retrying', code: 'retrying', cause: 'refused' })
    watched.note('journal', { state: 'waiting', code: 'journal-failed', cause: 'disk' })
    watched.note('delivery', { state: 'paused', code: 'forbidden', remedy: 'grant it' })
    watched.note('journal', null)
    watched.note('delivery', null)
    expect(states.map(({ state, code }) => `${state} ${code}`)).toEqual([
      'retrying retrying',
      'waiting journal-failed',
      'paused forbidden',
      'ok null',
    ])
  })

  it('is reported once while nothing changes', () => {
    const { states, watched } = watch()
    for (let attempt = 0; attempt < 3; attempt += 1)
      watched.note('delivery', { state: 'retrying', code: 'retrying', cause: 'refused', nextTryMs: 9 })
    watched.note('journal', null)
    expect(states).toHaveLength(1)
  })

  it('keeps its start time while only the cause or the next attempt changes', () => {
    const { clock, states, watched } = watch()
    watched.note('delivery', { state: 'retrying', code: 'retrying', cause: 'refused' })
    clock.atMs = 2_000
    watched.note('delivery', { state: 'retrying', code: 'retrying', cause: 'no route' })
    watched.nextTry('delivery', 3_000)
    clock.atMs = 4_000
    watched.note('delivery', { state: 'paused', code: 'forbidden' })
    expect(states.map(({ sinceMs, cause, nextTryMs }) => [sinceMs, cause, nextTryMs])).toEqual([
      [1_000, 'refused', null],
      [1_000, 'no route', null],
      [1_000, 'no route', 3_000],
      [4_000, null, null],
    ])
  })

  it('keeps its cause across events that have none', () => {
    const { states, watched } = watch()
    watched.note('delivery', { state: 'retrying', code: 'retrying', cause: 'refused' })
    watched.note('delivery', { state: 'waiting', code: 'retrying', cause: undefined })
    expect(states.at(-1)).toMatchObject({ state: 'waiting', cause: 'refused' })
  })

  it('is reported as ok at the first opportunity if nothing is wrong', () => {
    const { states, watched } = watch()
    watched.note('delivery', null)
    watched.note('delivery', null)
    expect(states).toEqual([
      {
        subject: 'sink',
        name: 'search',
        state: 'ok',
        sinceMs: 1_000,
        code: null,
        cause: null,
        remedy: null,
        nextTryMs: null,
      },
    ])
  })
})
