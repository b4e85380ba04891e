import { describe, expect, it } from 'vitest'
import { itemsOf, minuteMs, quiet, secondMs, simulate, startMs } from '../test/support/simulate.ts'
import type { Fault } from './index.ts'

const atMs = startMs - 30 * minuteMs

function withTwo(faults = {}) {
  const simulation = simulate({ ...quiet, faults })
  for (const n of [0, 1]) simulation.insert(atMs + n, `{"n":${n}}`)
  const read = (more = '') => simulation.ask(atMs, atMs + secondMs, more)
  const shown = () =>
    [...simulation.simulator.ledger.entries.values()].filter(({ shownMs }) => shownMs !== null)
  return { ...simulation, read, shown }
}

describe('faults', () => {
  it('occur as planned, in order, and then stop', () => {
    const { simulator, read } = withTwo()
    simulator.failNext('drop', 'cut', 'slow')
    simulator.failNext('hang')
    const faults = Array.from({ length: 5 }, () => read().fault)
    expect(faults).toEqual(['drop', 'cut', 'slow', 'hang', undefined])
  })

  it('affect every request during an outage', () => {
    const { clock, simulator, read } = withTwo()
    simulator.outage(startMs + 10, startMs + 20)
    simulator.outage(startMs + 20, startMs + 30, 'drop')
    const answers = [9, 10, 19, 20, 29, 30].map((offsetMs) => {
      clock.ms = startMs + offsetMs
      const { status, fault } = read()
      return fault ?? (status >= 500 ? 'server-error' : 'none')
    })
    expect(answers).toEqual(['none', 'server-error', 'server-error', 'drop', 'drop', 'none'])
  })

  it('occur at random, as often as configured, until the simulator is healed', () => {
    const { simulator, read } = withTwo({ drop: 0.2, slow: 0.1 })
    const faults = () => Array.from({ length: 1_000 }, () => read().fault)
    const share = (fault: Fault, of: (Fault | undefined)[]) =>
      of.filter((each) => each === fault).length / 1_000
    const drawn = faults()
    expect(share('drop', drawn)).toBeCloseTo(0.2, 1)
    expect(share('slow', drawn)).toBeCloseTo(0.1, 1)
    simulator.failNext('drop')
    simulator.outage(0, Number.POSITIVE_INFINITY)
    simulator.heal()
    // The tests allow a thousand requests per minute, which are used up here.
    expect(read().status).toBe(429)
    expect(faults().every((fault) => fault === undefined)).toBe(true)
  })

  it('server-error → is any of 500, 502, 503 and 504, with HTML for 502', () => {
    const { simulator, read } = withTwo()
    const answers = Array.from({ length: 60 }, () => {
      simulator.failNext('server-error')
      return read()
    })
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([500, 502, 503, 504]))
    for (const { status, body } of answers) expect(body.startsWith('<html>')).toBe(status === 502)
  })

  it('malformed, limited, bad-link → break the JSON, answer 429, and send an unusable link', () => {
    const { simulator, read } = withTwo()
    simulator.failNext('malformed', 'limited', 'bad-link')
    expect(() => itemsOf(read())).toThrow(SyntaxError)
    expect(read()).toMatchObject({ status: 429, headers: { 'retry-after': '60' } })
    expect(read('&max=1').headers.link).toBe('next')
  })

  it.each([
    ['drop', 0],
    ['hang', 0],
    ['cut-headers', 0],
    ['cut', 0],
    ['malformed', 0],
    ['server-error', 0],
    ['limited', 0],
    ['slow', 2],
    ['bad-link', 2],
  ] as const)('%s → %i records count as shown after delivery', (fault, expected) => {
    const { simulator, read, shown } = withTwo()
    simulator.failNext(fault)
    const answer = read()
    expect(shown()).toEqual([])
    answer.delivered()
    expect(shown()).toHaveLength(expected)
  })
})
