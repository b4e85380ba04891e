import { describe, expect, it } from 'vitest'
import {
  itemsOf,
  minuteMs,
  nextOf,
  numbersOf,
  quiet,
  readAll,
  secondMs,
  simulate,
  startMs,
} from '../test/support/simulate.ts'
import type { UnservedAs } from './index.ts'

const atMs = startMs - 30 * minuteMs
const badMs = atMs + 4 * secondMs

/** Ten items, one per second. The fifth cannot be served. */
function withBad(as: UnservedAs) {
  const simulation = simulate(quiet)
  for (let n = 0; n < 10; n += 1) simulation.insert(atMs + n * secondMs, `{"n":${n}}`)
  simulation.simulator.cannotServe('acme', { fromMs: badMs, toMs: badMs + secondMs, as })
  return simulation
}

describe('a second that cannot be served', () => {
  it.each([
    ['server-error', { status: 500 }],
    ['bad-request', { status: 400 }],
    ['malformed', { status: 200, fault: 'malformed' }],
    ['cut', { status: 200, fault: 'cut' }],
    ['hang', { fault: 'hang' }],
    ['errors', { status: 200 }],
  ] as const)('fails only windows that contain it, with %s', (as, expected) => {
    const { ask } = withBad(as)
    for (let times = 0; times < 3; times += 1) expect(ask(atMs, atMs + 10 * secondMs)).toMatchObject(expected)
    expect(ask(badMs, badMs + secondMs)).toMatchObject(expected)
    expect(numbersOf(ask(atMs, badMs - secondMs))).toEqual([0, 1, 2, 3])
    expect(numbersOf(ask(badMs + secondMs, atMs + 10 * secondMs))).toEqual([5, 6, 7, 8, 9])
  })

  it('does not fail a link that resumes after it', () => {
    const { ask, simulator, get } = withBad('server-error')
    simulator.heal()
    const link = nextOf(ask(atMs, atMs + 10 * secondMs, '&max=7'))
    simulator.cannotServe('acme', { fromMs: badMs, toMs: badMs + secondMs, as: 'server-error' })
    expect(numbersOf(get(link ?? ''))).toEqual([7, 8, 9])
  })

  it('can start an endless chain of links', () => {
    const { ask, get } = withBad('endless')
    const links = new Set<string>()
    let answer = ask(atMs, atMs + 10 * secondMs)
    for (let times = 0; times < 50; times += 1) {
      expect(itemsOf(answer)).toEqual([])
      const link = nextOf(answer) ?? ''
      expect(link).not.toContain('startTimeForNextFetch')
      links.add(link)
      answer = get(link)
    }
    expect(links.size).toBe(50)
  })

  it('is served again after the simulator is healed', () => {
    const simulation = withBad('server-error')
    simulation.simulator.heal()
    expect(readAll(simulation, atMs, atMs + 10 * secondMs, 5_000).flatMap(numbersOf)).toContain(4)
  })
})

it('a link can resume at the end of the window although there are more pages', () => {
  const simulation = simulate({ ...quiet, behaviour: { resumeTime: 'window-end' } })
  for (let n = 0; n < 10; n += 1) simulation.insert(atMs + n * secondMs, `{"n":${n}}`)
  const toMs = atMs + 10 * secondMs
  const link = nextOf(simulation.ask(atMs, toMs, '&max=4'))
  expect(link).toContain(`startTimeForNextFetch=${new Date(toMs).toISOString()}`)
  expect(readAll(simulation, atMs, toMs, 4).flatMap(numbersOf)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
})

it('a response with errors instead of items shows no records', () => {
  const simulation = simulate({ ...quiet, faults: { errors: 1 } })
  simulation.insert(atMs, '{"n":0}')
  const answer = simulation.ask(atMs, atMs + secondMs)
  answer.delivered()
  expect(JSON.parse(answer.body)).toMatchObject({ items: [], errors: [{}] })
  expect([...simulation.simulator.ledger.entries.values()].map(({ shownMs }) => shownMs)).toEqual([null])
})
