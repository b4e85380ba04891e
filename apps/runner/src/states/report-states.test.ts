import type { SubjectState } from '@cdrstream/engine'
import type { ReportedState } from '@cdrstream/journal-sqlite'
import { ProcessClock, VirtualTime } from '@cdrstream-internal/virtual-time'
import { beforeEach, describe, expect, it } from 'vitest'
import { reportStates } from './report-states.ts'
import { StateBoard } from './state-board.ts'

const startMs = Date.UTC(2026, 10, 24)

let time: VirtualTime
let board: StateBoard
let stored: { readonly atMs: number; readonly names: readonly string[]; readonly all: boolean }[]
let states: Map<string, ReportedState>
let warnings: unknown[]
let failing: boolean
let left: number | undefined
let ending: AbortController
let ended: boolean

beforeEach(() => {
  time = new VirtualTime(startMs)
  board = new StateBoard()
  stored = []
  states = new Map()
  warnings = []
  failing = false
  left = undefined
  ending = new AbortController()
  ended = false
})

function start(): void {
  const means = {
    journal: {
      async noteStates(changed: readonly ReportedState[], atMs: number, { all = false } = {}) {
        if (failing) throw new Error('I/O')
        stored.push({ atMs: atMs - startMs, names: changed.map(({ name }) => name), all })
        for (const state of changed) states.set(state.name, state)
      },
    },
    clock: new ProcessClock(time, () => false),
    log: {
      debug() {},
      info() {},
      error() {},
      warn: (_: string, fields?: object) => void warnings.push(fields),
    },
    amountLeft: async () => left,
  }
  void reportStates(board, means, ending.signal).then(() => {
    ended = true
  })
}

function change(name: string, state: SubjectState['state'] = 'ok'): void {
  const nothing = { code: null, cause: null, remedy: null, nextTryMs: null }
  board.stateChanged({ subject: 'sink', name, state, sinceMs: time.nowMs, ...nothing })
}

const passUntil = (ms: number) => time.passUntil(startMs + ms)

describe('reporting states', () => {
  it("replaces an earlier collector's states, then stores only changes", async () => {
    change('files')
    change('search')
    start()
    await passUntil(5_000)
    change('search', 'retrying')
    await passUntil(9_000)
    expect(stored).toEqual([
      { atMs: 0, names: ['files', 'search'], all: true },
      { atMs: 5_000, names: ['search'], all: false },
    ])
  })

  it('stores the first change after a quiet period immediately, and further changes once per second', async () => {
    start()
    await passUntil(5_000)
    for (let ms = 5_000; ms < 8_000; ms += 100) {
      await passUntil(ms)
      change('files', ms % 200 === 0 ? 'retrying' : 'ok')
    }
    await passUntil(9_500)
    expect(stored.map(({ atMs }) => atMs)).toEqual([0, 5_000, 6_000, 7_000, 8_000])
  })

  it('stores everything anew once a sink is no longer configured', async () => {
    for (const name of ['files', 'search', 'warehouse']) change(name)
    start()
    await passUntil(5_000)
    failing = true
    board.keep({ orgs: [], sinkNames: ['files', 'search'] })
    await passUntil(7_000)
    failing = false
    await passUntil(30_000)
    board.keep({ orgs: [], sinkNames: ['files', 'search'] })
    await passUntil(32_000)
    expect(stored.slice(1).filter(({ names }) => names.length > 0)).toEqual([
      { atMs: expect.any(Number), names: ['files', 'search'], all: true },
    ])
  })

  it('reports that the collector is alive while nothing changes', async () => {
    start()
    await passUntil(35_000)
    expect(stored.map(({ atMs }) => atMs)).toEqual([0, 10_000, 20_000, 30_000])
  })

  it('warns once while the journal fails, and stores every change afterwards', async () => {
    failing = true
    change('files')
    start()
    await passUntil(30_000)
    change('search')
    await passUntil(31_000)
    failing = false
    await passUntil(60_000)
    expect(warnings).toEqual([{ code: 'states-not-stored', cause: 'Error: I/O' }])
    expect(stored[0]).toMatchObject({ names: ['files', 'search'], all: true })
  })

  it('stores the final states when it ends', async () => {
    start()
    await passUntil(500)
    change('files', 'paused')
    ending.abort()
    await time.passUntil(time.nowMs + 10_000, () => ended)
    expect(states.get('files')?.state).toBe('paused')
  })

  it('stores how much was left several minutes ago while something is catching up', async () => {
    left = 1_000
    change('files', 'catching-up')
    start()
    await passUntil(100_000)
    left = 500
    await passUntil(299_000)
    expect(states.get('files')?.leftBefore).toEqual({ atMs: startMs, amount: 1_000 })
    await passUntil(700_000)
    expect(states.get('files')?.leftBefore).toEqual({ atMs: startMs + 300_000, amount: 500 })
    change('files', 'ok')
    await passUntil(720_000)
    expect(states.get('files')?.leftBefore).toBeNull()
  })
})
