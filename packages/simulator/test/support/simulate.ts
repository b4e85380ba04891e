import { createSimulator, type SimulatorOptions, type SimulatorTerms } from '@cdrstream/simulator'

export const startMs = Date.UTC(2026, 8, 24, 8)
export const secondMs = 1_000
export const minuteMs = 60_000
export const hourMs = 60 * minuteMs

/** The documented terms, except that pages can have any size and few tests use up the budget. */
export const easyTerms: SimulatorTerms = {
  pageSize: { min: 1, max: 5_000 },
  initialRequests: { count: 1_000, perMs: minuteMs },
  pageRequests: { count: 1_000, perMs: minuteMs },
  settleMs: minuteMs,
  retentionMs: 12 * hourMs,
  maxWindowMs: 2 * hourMs,
}

/** An org without calls, which has only the items that a test inserts. */
export const quiet = { orgs: [{ name: 'acme', token: 'secret', recordsPerMinute: 0 }] } as const

/** Returns a simulator with a clock that the test moves. */
export function simulate(options: Partial<SimulatorOptions> = {}) {
  const clock = { ms: startMs, nowMs: () => clock.ms }
  const simulator = createSimulator({
    seed: 7,
    clock,
    orgs: [{ name: 'acme', token: 'secret', recordsPerMinute: 60 }],
    sinceMs: startMs - 2 * hourMs,
    terms: easyTerms,
    ...options,
  })
  const get = (url: string, token = 'secret') =>
    simulator.handle({ method: 'GET', url, headers: { authorization: `Bearer ${token}` } })
  const ask = (fromMs: number, toMs: number, more = '') =>
    get(`/v1/cdr_stream?startTime=${iso(fromMs)}&endTime=${iso(toMs)}${more}`)
  const insert = (insertionMs: number, text: string, visibleMs = insertionMs) =>
    simulator.insert('acme', { insertionMs, visibleMs, text })
  return { clock, simulator, get, ask, insert }
}

export function iso(ms: number): string {
  return new Date(ms).toISOString()
}

export type Item = Readonly<Record<string, unknown>>

export function itemsOf({ body }: { readonly body: string }): readonly Item[] {
  return JSON.parse(body).items
}

/** Returns the `n` of each item, for items such as `{"n":1}`. */
export function numbersOf(answer: { readonly body: string }): readonly unknown[] {
  return itemsOf(answer).map(({ n }) => n)
}

/** Returns the path and query of the next page, or null if there is none. */
export function nextOf({ headers }: { readonly headers: Readonly<Record<string, string>> }): string | null {
  const link = headers.link ?? headers.LINK
  return link === undefined ? null : link.replace(/^<*https?:\/\/[^/]+/, '').replace(/>?[>;].*$/, '')
}

/** Returns all pages of a window. */
export function readAll(
  { ask, get }: Pick<ReturnType<typeof simulate>, 'ask' | 'get'>,
  fromMs: number,
  toMs: number,
  max: number,
) {
  const answers = [ask(fromMs, toMs, `&max=${max}`)]
  for (let next = nextOf(answers[0] as (typeof answers)[0]); next !== null; ) {
    const answer = get(next)
    answers.push(answer)
    next = nextOf(answer)
    if (answers.length > 1_000) throw new Error('the pages do not end')
  }
  return answers
}
