import type { SubjectState } from '@cdrstream/engine'
import { expect, test } from 'vitest'
import { judgeReadiness } from './readiness.ts'

function state(name: string, current: SubjectState['state'], more: Partial<SubjectState> = {}): SubjectState {
  const nothing = { code: null, cause: null, remedy: null, nextTryMs: null }
  return { subject: 'sink', name, state: current, sinceMs: 0, ...nothing, ...more }
}

test('a collector is ready if every org and sink works, even if some are behind', () => {
  const states = [state('one', 'ok'), state('two', 'catching-up')]
  expect(judgeReadiness({ states, isStopping: false, subjects: 2 })).toEqual({
    status: 'ready',
    reasons: [],
    reasonsTotal: 0,
  })
})

test('a collector is not ready before every org and sink has reported, or while it is stopping', () => {
  expect(judgeReadiness({ states: [], isStopping: false, subjects: 1 }).reasons).toMatchObject([
    { subject: 'collector', name: null, code: 'starting' },
  ])
  expect(judgeReadiness({ states: [], isStopping: true, subjects: 0 }).reasons).toMatchObject([
    { subject: 'collector', name: null, code: 'stopping' },
  ])
})

test('every org and sink that does not work is listed as a reason, with its code, cause and remedy', () => {
  const problem = { code: 'x', cause: 'y', remedy: 'z' }
  const states = [
    state('a', 'paused', problem),
    state('b', 'retrying'),
    state('c', 'waiting'),
    state('d', 'ok'),
  ]
  const { status, reasons } = judgeReadiness({ states, isStopping: false, subjects: 4 })

  expect(status).toBe('not-ready')
  expect(reasons).toEqual([
    { subject: 'sink', name: 'a', ...problem },
    { subject: 'sink', name: 'b', code: 'retrying', cause: null, remedy: null },
    { subject: 'sink', name: 'c', code: 'waiting', cause: null, remedy: null },
  ])
})

test('at most 100 reasons are listed, but all are counted', () => {
  const states = Array.from({ length: 500 }, (_, n) => state(`s${n}`, 'paused'))
  const { reasons, reasonsTotal } = judgeReadiness({ states, isStopping: false, subjects: 500 })
  expect([reasons.length, reasonsTotal]).toEqual([100, 500])
})
