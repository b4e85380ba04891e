import { expect, test } from 'vitest'
import { LoopBoard } from './health.ts'

const acme = { subject: 'org', name: 'acme' } as const
const files = { subject: 'sink', name: 'files' } as const

test('a loop that moves in time, waits for an event, or has ended does not count as stuck', () => {
  let nowMs = 0
  const board = new LoopBoard(() => nowMs)
  board.loopMoved(acme, 10_000)
  board.loopMoved(files, Number.POSITIVE_INFINITY)
  nowMs = 10_000
  expect(board.health()).toEqual({ status: 'ok', loops: [] })
  nowMs = 15_000
  expect(board.health()).toEqual({ status: 'stuck', loops: [{ ...acme, overdueSeconds: 5 }] })
  board.loopMoved(acme, 20_000)
  expect(board.health().status).toBe('ok')
  nowMs = 30_000
  board.loopEnded(acme)
  expect(board.health().status).toBe('ok')
})

test('an org and a sink with the same name have separate loops', () => {
  const board = new LoopBoard(() => 5)
  board.loopMoved({ subject: 'org', name: 'same' }, 1)
  board.loopMoved({ subject: 'sink', name: 'same' }, 9)
  expect(board.health().loops).toEqual([{ subject: 'org', name: 'same', overdueSeconds: 0 }])
})
