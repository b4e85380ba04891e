import { describe, expect, it } from 'vitest'
import {
  hourMs,
  iso,
  minuteMs,
  numbersOf,
  quiet,
  secondMs,
  simulate,
  startMs,
} from '../test/support/simulate.ts'

const atMs = startMs - 30 * minuteMs

describe('a window', () => {
  const around = [
    [-1, '{"n":1}'],
    [0, '{"n":2}'],
    [999, '{"n":3}'],
    [60_000, '{"n":4}'],
    [60_999, '{"n":5}'],
    [61_000, '{"n":6}'],
  ] as const

  it.each([
    ['whole seconds, both included', {}, [2, 3, 4, 5]],
    ['whole seconds, the end excluded', { endInclusive: false }, [2, 3]],
    ['milliseconds, both included', { bounds: 'milliseconds' }, [3, 4]],
  ] as const)('contains the records inserted between its bounds: %s', (_, behaviour, expected) => {
    const { ask, insert } = simulate({ ...quiet, behaviour })
    for (const [offsetMs, text] of around) insert(atMs + offsetMs, text)
    expect(numbersOf(ask(atMs + 500, atMs + 60_200))).toEqual(expected)
  })

  it('is based on insertion time, not on any time in the record', () => {
    const { ask, insert } = simulate(quiet)
    const early = iso(atMs - 5 * hourMs)
    insert(atMs, `{"n":1,"Report time":"${early}","Release time":"${early}","Start time":"${early}"}`)
    expect(numbersOf(ask(atMs, atMs + secondMs))).toEqual([1])
    expect(ask(atMs - 6 * hourMs, atMs - 4 * hourMs).body).toBe('{"items":[]}')
  })

  it.each([
    ['has just settled', -10 * minuteMs, -minuteMs, 200],
    ['ends too recently', -10 * minuteMs, -minuteMs + 1, 400],
    ['is about to expire', -12 * hourMs, -11 * hourMs, 200],
    ['starts too early', -12 * hourMs - 1, -11 * hourMs, 400],
    ['has the maximum length', -4 * hourMs, -2 * hourMs, 200],
    ['is too long', -4 * hourMs, -2 * hourMs + 1, 400],
    ['is empty', -10 * minuteMs, -10 * minuteMs, 400],
    ['ends before it starts', -10 * minuteMs, -20 * minuteMs, 400],
  ])('that %s (%d ms to %d ms from now) → %i', (_, from, to, status) => {
    expect(simulate(quiet).ask(startMs + from, startMs + to).status).toBe(status)
  })

  it.each([
    '',
    '?',
    `?startTime=${iso(atMs)}`,
    `?endTime=${iso(atMs)}`,
    `?startTime=2026-09-24T07:00:00Z&endTime=${iso(atMs)}`,
    `?startTime=2026-09-24 07:00:00.000&endTime=${iso(atMs)}`,
    `?startTime=2026-13-24T07:00:00.000Z&endTime=${iso(atMs)}`,
    `?startTime=${iso(atMs)}&endTime=${iso(atMs + 1_000)}&max=many`,
    `?startTime=${iso(atMs)}&endTime=${iso(atMs + 1_000)}&locations=a,b,c,d,e,f,g,h,i,j,k`,
  ])('is refused if its parameters are "%s"', (query) => {
    expect(simulate(quiet).get(`/v1/cdr_stream${query}`).status).toBe(400)
  })

  it("is checked against the server's clock, which the Date header shows", () => {
    const { ask, insert } = simulate({ ...quiet, behaviour: { dateSkewMs: -90_000 } })
    insert(atMs, '{"n":1}')
    const serverMs = startMs - 90_000
    expect(ask(serverMs - hourMs, serverMs - 59_000).status).toBe(400)
    const answer = ask(serverMs - hourMs, serverMs - minuteMs)
    expect(answer.headers.date).toBe(new Date(serverMs).toUTCString())
    expect(numbersOf(answer)).toEqual([1])
  })

  it.each([
    ['empty-list', 200, '{"items":[]}'],
    ['not-found', 404, 'No CDRs for requested time range and filters'],
    ['no-content', 204, ''],
  ] as const)('without records can be answered as %s', (emptyAs, status, body) => {
    const answer = simulate({ ...quiet, behaviour: { emptyAs } }).ask(atMs, atMs + secondMs)
    expect(answer.status).toBe(status)
    expect(answer.body).toContain(body)
  })

  it('contains only records of the requested locations', () => {
    const { ask, insert } = simulate(quiet)
    const names = ['Pier 4', 'Südhafen', 'Midtown']
    for (const [n, name] of names.entries()) insert(atMs + n, `{"n":${n},"Location":"${name}"}`)
    insert(atMs + 3, '{"n":3}')
    const window = [atMs, atMs + secondMs] as const
    expect(numbersOf(ask(...window, `&locations=Pier%204,${encodeURIComponent('Südhafen')}`))).toEqual([0, 1])
    expect(numbersOf(ask(...window))).toEqual([0, 1, 2, 3])
  })
})

describe('a record', () => {
  it('can be read from when it settles until it expires', () => {
    const { clock, ask, insert } = simulate(quiet)
    insert(atMs, '{"n":1}')
    const seenAt = (ms: number) => {
      clock.ms = ms
      const toMs = Math.min(atMs + minuteMs, ms - minuteMs)
      return ask(Math.max(atMs - secondMs, ms - 12 * hourMs), toMs).body !== '{"items":[]}'
    }
    expect(seenAt(atMs + minuteMs - 1)).toBe(false)
    expect(seenAt(atMs + minuteMs)).toBe(true)
    expect(seenAt(atMs + 12 * hourMs)).toBe(true)
    expect(seenAt(atMs + 12 * hourMs + 2 * secondMs)).toBe(false)
  })

  it('can become visible in a window that was read before', () => {
    const { clock, ask, insert } = simulate(quiet)
    insert(atMs, '{"n":1}', startMs + secondMs)
    insert(atMs, '{"n":2}')
    expect(numbersOf(ask(atMs, atMs + secondMs))).toEqual([2])
    clock.ms += secondMs
    expect(numbersOf(ask(atMs, atMs + secondMs))).toEqual([1, 2])
  })
})
