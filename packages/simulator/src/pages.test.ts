import { describe, expect, it } from 'vitest'
import {
  easyTerms,
  hourMs,
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
import type { Behaviour } from './index.ts'

const atMs = startMs - 30 * minuteMs
const toMs = atMs + 10 * secondMs

/** Ten items: two in the first second, six in the second, two in the third. */
function withTen(behaviour: Partial<Behaviour> = {}) {
  const simulation = simulate({ ...quiet, behaviour })
  const offsetsMs = [0, 900, 1_000, 1_001, 1_002, 1_300, 1_300, 1_999, 2_000, 2_500]
  const items = [...offsetsMs.entries()]
  // Inserts the items out of order, because pages must be sorted by insertion time anyway.
  for (const [n, offsetMs] of [...items.slice(7), ...items.slice(0, 7)]) {
    simulation.insert(atMs + offsetMs, `{"n":${n}}`)
  }
  return simulation
}

function pagesOf(behaviour: Partial<Behaviour>, max: number) {
  return readAll(withTen(behaviour), atMs, toMs, max)
}

const parameter = (link: string | null, name: string) => new URLSearchParams(link?.split('?')[1]).get(name)

describe('pages', () => {
  it('begin with the second in which the previous page ended, and repeat its records', () => {
    const pages = pagesOf({}, 4).map(numbersOf)
    expect(pages).toEqual([
      [0, 1, 2, 3],
      [2, 3, 4, 5],
      // This second does not fit on a page, so the link also contains the number of its items to skip.
      [6, 7, 8, 9],
    ])
  })

  it.each([
    ['milliseconds', [0, 1, 2, 3], [4, 5, 6, 7], [8, 9]],
    ['seconds', [0, 1, 2, 3], [4, 5, 6, 7], [8, 9]],
    ['absent', [0, 1, 2, 3], [4, 5, 6, 7], [8, 9]],
  ] as const)('can avoid repeating records, with a resume time of %s', (resumeTime, ...expected) => {
    expect(pagesOf({ resumeTime, boundaryRepeats: false }, 4).map(numbersOf)).toEqual(expected)
  })

  it('repeat only records of the same millisecond if bounds are in milliseconds', () => {
    expect(pagesOf({ bounds: 'milliseconds' }, 6).map(numbersOf)).toEqual([
      [0, 1, 2, 3, 4, 5],
      [5, 6, 7, 8, 9],
    ])
  })

  const answers: Partial<Behaviour>[] = (
    ['milliseconds', 'seconds', 'absent', 'window-end'] as const
  ).flatMap((resumeTime) =>
    [true, false].flatMap((boundaryRepeats) =>
      (['seconds', 'milliseconds'] as const).map((bounds) => ({ resumeTime, boundaryRepeats, bounds })),
    ),
  )
  it.each(answers)('end and omit nothing with %o', (behaviour) => {
    for (const max of [1, 2, 3, 5, 7]) {
      const seen = new Set(pagesOf(behaviour, max).flatMap(numbersOf))
      expect([...seen].toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    }
  })

  it('have no link if all records fit exactly', () => {
    const { ask } = withTen()
    expect(nextOf(ask(atMs, toMs, '&max=10'))).toBeNull()
    expect(nextOf(ask(atMs, toMs, '&max=9'))).not.toBeNull()
  })

  it('have a link with the window, the resume time, the number of records and the org', () => {
    const link = nextOf(withTen().ask(atMs, toMs, '&max=4'))
    expect(link).toMatch(
      /^\/v1\/cdr_stream\?endTime=2026-09-24T07:30:10\.000Z&startTime=2026-09-24T07:30:00\.000Z&startTimeForNextFetch=2026-09-24T07:30:01\.002Z&totalCount=10&max=4&orgId=[0-9a-f-]{36}$/,
    )
  })

  it.each([
    ['milliseconds', '2026-09-24T07:30:01.002Z'],
    ['seconds', '2026-09-24T07:30:01.000Z'],
    ['absent', null],
  ] as const)('can have a resume time of %s in the link', (resumeTime, expected) => {
    const link = nextOf(withTen({ resumeTime }).ask(atMs, toMs, '&max=4'))
    expect(parameter(link, 'startTimeForNextFetch')).toBe(expected)
  })

  it.each([
    ['window', ['10', '10']],
    ['absent', [null, null]],
    ['remaining', ['6', '4']],
  ] as const)('can have a totalCount of %s in the link', (totalCount, expected) => {
    const pages = pagesOf({ totalCount }, 4)
    expect(pages.slice(0, -1).map((page) => parameter(nextOf(page), 'totalCount'))).toEqual(expected)
  })

  it.each([
    ['normal', 'link', /^<https:[^<>]*>; rel="next"$/],
    ['misprinted', 'link', /^<<https:[^<>]*>;rel="next">$/],
    ['upper-case', 'LINK', /^<https:[^<>]*>; REL="NEXT"$/],
  ] as const)('can have a %s link', (linkForm, name, form) => {
    expect(withTen({ linkForm }).ask(atMs, toMs, '&max=4').headers[name]).toMatch(form)
  })

  it('can mix all forms of links at random', () => {
    const { ask } = withTen({ linkForm: 'mixed' })
    const links = Array.from({ length: 60 }, () => ask(atMs, toMs, '&max=4').headers)
    expect(new Set(links.map(({ link, LINK }) => LINK?.slice(-5) ?? link?.slice(-7))).size).toBe(3)
  })

  it('link to the request URL or to a configured base URL', () => {
    const request = {
      method: 'GET',
      url: nextOf(withTen().ask(atMs, toMs, '&max=1')) ?? '',
      headers: { authorization: 'Bearer secret', host: '127.0.0.1:8080' },
    }
    expect(withTen().simulator.handle(request).headers.link).toMatch(/^<http:\/\/127\.0\.0\.1:8080\/v1\//)
    const elsewhere = withTen({ linkBase: 'https://attacker.example' })
    expect(elsewhere.simulator.handle(request).headers.link).toMatch(/^<https:\/\/attacker\.example\/v1\//)
  })

  it('keep the locations in the link, and escape characters that would end the link', () => {
    const simulation = simulate(quiet)
    const name = 'Pier 4 <&>"%ü'
    for (const n of [0, 1, 2]) simulation.insert(atMs + n, JSON.stringify({ n, Location: name }))
    simulation.insert(atMs + 3, '{"n":3,"Location":"elsewhere"}')
    const first = simulation.ask(atMs, toMs, `&max=2&locations=${encodeURIComponent(name)}`)
    expect(first.headers.link).toMatch(/^<[ -;=?-~]*>; rel="next"$/)
    expect(numbersOf(simulation.get(nextOf(first) ?? ''))).toContain(2)
  })

  it('hold up to max records, within the limits in the terms', () => {
    const { ask } = simulate({
      orgs: [{ name: 'acme', token: 'secret', recordsPerMinute: 1_200 }],
      sinceMs: startMs - 20 * minuteMs,
      terms: { ...easyTerms, pageSize: { min: 500, max: 5_000 } },
    })
    const length = (more: string) => itemsOf(ask(startMs - 20 * minuteMs, startMs - minuteMs, more)).length
    expect([length('&max=10'), length('&max=700.9'), length('&max=9999'), length('')]).toEqual([
      500, 700, 5_000, 5_000,
    ])
  })

  it('can be shuffled without losing records', () => {
    const shuffled = numbersOf(withTen({ itemOrder: 'shuffled' }).ask(atMs, toMs))
    expect(shuffled).not.toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(shuffled.toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  })

  it('can be empty and still have a link', () => {
    const pages = pagesOf({ emptyPageShare: 0.5 }, 2)
    expect(pages.some((page) => numbersOf(page).length === 0)).toBe(true)
    expect(new Set(pages.flatMap(numbersOf)).size).toBe(10)
  })

  it.each([
    ['refused', 400],
    ['answered', 200],
  ] as const)('for a window that has partly expired are %s', (agedLink, status) => {
    const simulation = withTen({ agedLink })
    const next = nextOf(simulation.ask(atMs, toMs, '&max=4')) ?? ''
    simulation.clock.ms = atMs + 12 * hourMs
    expect(simulation.get(next).status).toBe(200)
    simulation.clock.ms += 1
    expect(simulation.get(next).status).toBe(status)
  })
})
