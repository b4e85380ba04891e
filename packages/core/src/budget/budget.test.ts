import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defaultTerms, type Terms } from '../terms.ts'
import {
  allowedAtMs,
  type Budget,
  budgetAfter,
  clearLimited,
  countSlot,
  foreignUserAfter,
  giveUpSlot,
  pushBack,
  type RequestKind,
  recoverBudget,
  reserveSlot,
  unusedBudget,
} from './budget.ts'

const perMs = 60_000
/** How long a slot counts: half a percent longer than the period. */
const spanMs = 60_300
/** How long a request that was given up may still be on its way. */
const travelMs = 10_000

/** What happens to the client's next request. */
type Fate =
  | { readonly kind: 'answered' | 'limited'; readonly retryAfterMs: number | null }
  /** The client waits in vain; the request reaches the server in time, later or never. */
  | { readonly kind: 'timed-out'; readonly arrival: 'in time' | 'late' | 'never' }
  /** The process stops after this much of the request's time and starts again after a while. */
  | { readonly kind: 'crash'; readonly afterMs: number; readonly downMs: number }

interface Sending {
  readonly request: RequestKind
  readonly thereMs: number
  readonly backMs: number
  /** Whether the next request waits until this one is answered; if not, several orgs share the credential. */
  readonly awaited: boolean
  readonly fate: Fate
}

const delayMs = fc.oneof(fc.integer({ min: 0, max: 2_000 }), fc.integer({ min: 0, max: 300_000 }))
const retryAfterMs = fc.option(fc.integer({ min: 0, max: 10_000_000 }))

const timedOut: fc.Arbitrary<Fate> = fc.record({
  kind: fc.constant('timed-out' as const),
  arrival: fc.constantFrom('in time' as const, 'late' as const, 'never' as const),
})

const fate: fc.Arbitrary<Fate> = fc.oneof(
  { weight: 6, arbitrary: fc.constant({ kind: 'answered' as const, retryAfterMs: null }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('limited' as const), retryAfterMs }) },
  { weight: 1, arbitrary: timedOut },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('crash' as const), afterMs: delayMs, downMs: delayMs }),
  },
)

const sending: fc.Arbitrary<Sending> = fc.record({
  request: fc.constantFrom<RequestKind>('initial', 'page', 'page'),
  thereMs: delayMs,
  backMs: delayMs,
  awaited: fc.boolean(),
  fate,
})

const someTerms = fc
  .record({
    initialCount: fc.integer({ min: 1, max: 3 }),
    pageCount: fc.integer({ min: 1, max: 10 }),
    initialPerMs: fc.constantFrom(1_000, 60_000),
    pagePerMs: fc.constantFrom(1_000, 60_000),
  })
  .map(
    ({ initialCount, pageCount, initialPerMs, pagePerMs }): Terms => ({
      ...defaultTerms,
      initialRequests: { count: initialCount, perMs: initialPerMs },
      pageRequests: { count: pageCount, perMs: pagePerMs },
    }),
  )

interface Flight {
  readonly id: string
  readonly request: RequestKind
  /** Infinity if it never arrives. */
  readonly arrivesAtMs: number
  readonly endsAtMs: number
  readonly fate: Fate
}

/**
 * A client that sends whenever the budget allows, and its server's log. Times are the server's; the client's
 * clock is faster by `fast`. A request that was given up, or that outlived its process, arrives soon
 * afterwards or never.
 */
class World {
  readonly arrivals: Record<RequestKind, number[]> = { initial: [], page: [] }
  readonly sentAtMs: number[] = []
  readonly pushBacks: { readonly fromMs: number; readonly untilMs: number }[] = []
  largestBudget = 0
  readonly #terms: Terms
  readonly #fast: number
  #budget: Budget = unusedBudget
  #nowMs = 0
  #flights: Flight[] = []
  #ids = 0

  constructor(terms: Terms, fast: number) {
    this.#terms = terms
    this.#fast = fast
  }

  send({ request, thereMs, backMs, awaited, fate }: Sending): void {
    this.#waitForTurn(request)
    const clientMs = this.#clientMs()
    const reserved = reserveSlot(this.#budget, request, String(++this.#ids), this.#terms, clientMs)
    if (reserved === undefined) throw new Error('the budget refused what it had allowed')
    this.#budget = reserved
    this.largestBudget = Math.max(this.largestBudget, reserved.slots.length)
    this.sentAtMs.push(clientMs)
    const endsAtMs = this.#nowMs + thereMs + backMs
    const arrival = fate.kind === 'timed-out' ? fate.arrival : 'in time'
    const arrivesAtMs = {
      'in time': this.#nowMs + thereMs,
      late: endsAtMs + this.#travelMs(),
      never: Number.POSITIVE_INFINITY,
    }[arrival]
    const flight: Flight = { id: String(this.#ids), request, fate, arrivesAtMs, endsAtMs }
    this.#flights.push(flight)
    if (fate.kind === 'crash') this.#crash(fate.afterMs, fate.downMs)
    else if (awaited) this.#goTo(endsAtMs)
  }

  /** Delivers the requests that are still on their way to the server. */
  finish(): void {
    this.#goTo(Math.max(this.#nowMs, ...this.#flights.map(({ endsAtMs }) => endsAtMs)))
  }

  #clientMs(): number {
    return this.#nowMs * (1 + this.#fast)
  }

  #travelMs(): number {
    return this.#terms.initialRequests.perMs / 6 / (1 + this.#fast)
  }

  #waitForTurn(request: RequestKind): void {
    for (;;) {
      const atMs = allowedAtMs(this.#budget, request, this.#terms)
      if (atMs <= this.#clientMs()) return
      const answerAtMs = Math.min(...this.#flights.map(({ endsAtMs }) => endsAtMs))
      // Timers have a resolution of one millisecond.
      const next = Math.min(answerAtMs, Math.ceil(atMs / (1 + this.#fast)) + 1)
      if (next === Number.POSITIVE_INFINITY) throw new Error('the budget waits forever')
      this.#goTo(next)
    }
  }

  #goTo(atMs: number): void {
    const ended = this.#flights.filter(({ endsAtMs }) => endsAtMs <= atMs)
    this.#flights = this.#flights.filter(({ endsAtMs }) => endsAtMs > atMs)
    for (const flight of ended.sort((a, b) => a.endsAtMs - b.endsAtMs)) {
      this.#nowMs = flight.endsAtMs
      this.#arrive(flight.request, flight.arrivesAtMs)
      this.#finish(flight)
    }
    this.#nowMs = atMs
  }

  #arrive(request: RequestKind, atMs: number): void {
    if (atMs !== Number.POSITIVE_INFINITY) this.arrivals[request].push(atMs)
  }

  #finish({ id, fate }: Flight): void {
    const clientMs = this.#clientMs()
    this.#budget =
      fate.kind === 'timed-out'
        ? giveUpSlot(this.#budget, id, this.#terms, clientMs)
        : countSlot(this.#budget, id, clientMs)
    if (fate.kind === 'answered') this.#budget = clearLimited(this.#budget, this.#terms, clientMs)
    if (fate.kind !== 'limited') return
    this.#budget = pushBack(this.#budget, fate.retryAfterMs, this.#terms, clientMs)
    const term = this.#terms.initialRequests.perMs
    const wishMs = Math.min(fate.retryAfterMs ?? 0, 60 * term)
    this.pushBacks.push({ fromMs: clientMs, untilMs: clientMs + Math.max(wishMs, term) })
  }

  #crash(afterMs: number, downMs: number): void {
    this.#goTo(this.#nowMs + afterMs)
    this.#nowMs += downMs
    const latestMs = this.#nowMs + this.#travelMs()
    for (const flight of this.#flights) this.#arrive(flight.request, Math.min(flight.arrivesAtMs, latestMs))
    this.#flights = []
    const stored: Budget = JSON.parse(JSON.stringify(this.#budget))
    this.#budget = recoverBudget(stored, this.#terms, this.#clientMs())
  }
}

function runWorld(terms: Terms, fast: number, sendings: readonly Sending[]): World {
  const world = new World(terms, fast)
  for (const sending of sendings) world.send(sending)
  world.finish()
  return world
}

/** Returns the shortest time in which `count + 1` requests arrived. */
function shortestSpanMs(arrivals: readonly number[], count: number): number {
  const sorted = arrivals.toSorted((a, b) => a - b)
  return Math.min(...sorted.slice(count).map((atMs, at) => atMs - (sorted[at] ?? 0)))
}

const fast = fc.double({ min: 0, max: 0.004, noNaN: true })
const life = fc.array(sending, { maxLength: 60, size: 'max' })

describe('the rate limit', () => {
  it('is respected in every sliding period on the server, despite any delays, crashes and responses', () => {
    fc.assert(
      fc.property(someTerms, fast, life, (terms, fast, sendings) => {
        const { arrivals } = runWorld(terms, fast, sendings)
        const { initialRequests, pageRequests } = terms
        expect(shortestSpanMs(arrivals.initial, initialRequests.count)).toBeGreaterThanOrEqual(
          initialRequests.perMs,
        )
        expect(shortestSpanMs(arrivals.page, pageRequests.count)).toBeGreaterThanOrEqual(pageRequests.perMs)
      }),
      { numRuns: 1_000 },
    )
  })

  it('allows no request before Retry-After ends, and counts an absurd Retry-After as sixty periods', () => {
    fc.assert(
      fc.property(someTerms, fast, life, (terms, fast, sendings) => {
        const { sentAtMs, pushBacks } = runWorld(terms, fast, sendings)
        for (const { fromMs, untilMs } of pushBacks) {
          expect(sentAtMs.filter((atMs) => atMs > fromMs && atMs < untilMs)).toEqual([])
        }
      }),
    )
  })

  it('is respected without a growing list of slots', () => {
    fc.assert(
      fc.property(someTerms, life, (terms, sendings) => {
        const { largestBudget } = runWorld(terms, 0, sendings)
        expect(largestBudget).toBeLessThanOrEqual(terms.initialRequests.count + terms.pageRequests.count)
      }),
    )
  })
})

describe('a client that restarts every few seconds', () => {
  it('gets a slot as often as one that does not restart', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 20_000 }), { minLength: 100, maxLength: 200 }),
        (uptimes) => {
          let budget = unusedBudget
          let nowMs = 0
          const sentAtMs: number[] = [0]
          for (const uptimeMs of uptimes) {
            budget = recoverBudget(budget, defaultTerms, nowMs)
            const atMs = Math.max(nowMs, allowedAtMs(budget, 'initial', defaultTerms))
            nowMs += uptimeMs
            if (atMs > nowMs) continue
            // The process sends the request and ends before the response.
            budget = reserveSlot(budget, 'initial', `at ${atMs}`, defaultTerms, atMs) ?? budget
            sentAtMs.push(atMs)
          }
          sentAtMs.push(nowMs)
          const pauses = sentAtMs.slice(1).map((atMs, at) => atMs - (sentAtMs[at] ?? 0))
          expect(Math.max(...pauses)).toBeLessThanOrEqual(spanMs + travelMs + 20_000)
        },
      ),
    )
  })

  it('stamps an unanswered request only once', () => {
    const sent = reserveSlot(unusedBudget, 'initial', 'a', defaultTerms, 0) ?? unusedBudget
    const first = recoverBudget(sent, defaultTerms, 10_000)
    const second = recoverBudget(first, defaultTerms, 50_000)
    expect(allowedAtMs(first, 'initial', defaultTerms)).toBe(10_000 + travelMs + spanMs)
    expect(second).toEqual(first)
  })
})

describe('a clock jump', () => {
  it('never delays a starting collector longer than one period or the longest push-back', () => {
    const at = fc.maxSafeNat()
    const slots = fc.array(
      fc.record({
        id: fc.string(),
        kind: fc.constantFrom<RequestKind>('initial', 'page'),
        countsFromMs: fc.option(at),
      }),
    )
    fc.assert(
      fc.property(slots, at, fc.nat({ max: 2 }), at, (slots, notBeforeMs, limitedInARow, nowMs) => {
        const budget = recoverBudget({ slots, notBeforeMs, limitedInARow }, defaultTerms, nowMs)
        for (const kind of ['initial', 'page'] as const) {
          expect(allowedAtMs({ ...budget, notBeforeMs: 0 }, kind, defaultTerms)).toBeLessThanOrEqual(
            nowMs + travelMs + spanMs,
          )
          expect(allowedAtMs(budget, kind, defaultTerms)).toBeLessThanOrEqual(nowMs + 60 * perMs)
        }
      }),
    )
  })
})

describe('a clock change between two starts', () => {
  const dayMs = 86_400_000
  const startMs = Date.UTC(2026, 8, 24)
  const boot = { id: 'a', atMs: startMs - dayMs }
  const sent = reserveSlot(unusedBudget, 'initial', 'a', defaultTerms, startMs) ?? unusedBudget
  const before = countSlot(recoverBudget(sent, defaultTerms, startMs, boot), 'a', startMs)

  it.each([30 * dayMs, -30 * dayMs])('by %d ms frees no slot', (aheadMs) => {
    const nowMs = startMs + 4_000 + aheadMs
    const after = recoverBudget(before, defaultTerms, nowMs, { ...boot, atMs: boot.atMs + aheadMs })
    const allowedInMs = allowedAtMs(after, 'initial', defaultTerms) - nowMs
    // If the clock was set forward, the stored times still apply; if it was set back, slots start now.
    expect(allowedInMs).toBeGreaterThanOrEqual(spanMs - 4_000)
    expect(allowedInMs).toBeLessThanOrEqual(travelMs + spanMs)
    expect(recoverBudget(after, defaultTerms, nowMs, { ...boot, atMs: boot.atMs + aheadMs })).toEqual(after)
  })

  it.each([
    ['forward, visible from the boot', 30 * dayMs, true],
    ['back, visible from the boot', -30 * dayMs, true],
    ['back, unnoticed', -30 * dayMs, false],
    ['back by a second, unnoticed', -1_000, false],
  ])('%s, does not extend a push-back beyond what the server asked for', (_, aheadMs, isSeen) => {
    const pushedBack = pushBack(before, 60_000, defaultTerms, startMs)
    const nowMs = startMs + 4_000 + aheadMs
    const now = isSeen ? { ...boot, atMs: boot.atMs + aheadMs } : undefined
    const after = recoverBudget(pushedBack, defaultTerms, nowMs, now)
    const leftMs = after.notBeforeMs - nowMs
    expect(leftMs).toBeGreaterThanOrEqual(56_000)
    expect(leftMs).toBeLessThanOrEqual(60_000)
  })

  it('leaves as much of a push-back as there was after the last 429', () => {
    const first = pushBack(before, 600_000, defaultTerms, startMs)
    const second = pushBack(first, 60_000, defaultTerms, startMs + 500_000)
    const after = recoverBudget(second, defaultTerms, startMs - dayMs)
    expect(after.notBeforeMs).toBe(startMs - dayMs + 100_000)
  })

  it('goes unnoticed if the machine was rebooted, so slots expire by the changed clock', () => {
    const nowMs = startMs + 2 * spanMs
    const after = recoverBudget(before, defaultTerms, nowMs, { id: 'b', atMs: startMs })
    expect(allowedAtMs(after, 'initial', defaultTerms)).toBeLessThanOrEqual(nowMs)
  })
})

describe('a response', () => {
  const nowMs = 1_000_000
  const reserved = reserveSlot({ ...unusedBudget, limitedInARow: 1 }, 'initial', 'a', defaultTerms, nowMs)
  if (reserved === undefined) throw new Error('the budget has no free slot')
  const after = (answer: Parameters<typeof budgetAfter>[2]) =>
    budgetAfter(reserved, 'a', answer, defaultTerms, nowMs + 5_000)

  it('makes the slot count from the arrival of its headers and resets the number of consecutive 429 responses', () => {
    for (const kind of ['page', 'refused', 'failed'] as const) {
      const budget = after({ kind, answeredAtMs: nowMs + 2_000 })
      expect(budget).toMatchObject({ limitedInARow: 0, notBeforeMs: 0 })
      expect(budget.slots.map(({ countsFromMs }) => countsFromMs)).toEqual([nowMs + 2_000])
    }
  })

  it('with status 429 pushes the budget back', () => {
    const budget = after({ kind: 'limited', answeredAtMs: nowMs + 2_000, retryAfterMs: 90_000 })
    expect(budget).toMatchObject({ limitedInARow: 2, notBeforeMs: nowMs + 92_000 })
    expect(budget.slots.map(({ countsFromMs }) => countsFromMs)).toEqual([nowMs + 2_000])
  })

  it('that never arrives leaves the slot given up', () => {
    expect(after({ kind: 'failed', answeredAtMs: null })).toEqual(
      giveUpSlot(reserved, 'a', defaultTerms, nowMs + 5_000),
    )
  })
})

describe('the budget', () => {
  const reserve = (budget: Budget, kind: RequestKind, id: string, nowMs: number) =>
    reserveSlot(budget, kind, id, defaultTerms, nowMs) ?? expect.fail('no slot is free')

  it('allows nothing while the only slot is in flight, and counts the slot from its response', () => {
    const sent = reserve(unusedBudget, 'initial', 'a', 1_000)
    expect(allowedAtMs(sent, 'initial', defaultTerms)).toBe(Number.POSITIVE_INFINITY)
    expect(reserveSlot(sent, 'initial', 'b', defaultTerms, 1e12)).toBeUndefined()
    const answered = countSlot(sent, 'a', 9_000)
    expect(allowedAtMs(answered, 'initial', defaultTerms)).toBe(9_000 + spanMs)
    expect(reserveSlot(answered, 'initial', 'b', defaultTerms, 8_999 + spanMs)).toBeUndefined()
    expect(reserve(answered, 'initial', 'b', 9_000 + spanMs).slots.map(({ id }) => id)).toEqual(['b'])
  })

  it('counts initial requests and pages separately', () => {
    const sent = reserve(unusedBudget, 'initial', 'a', 0)
    expect(allowedAtMs(sent, 'page', defaultTerms)).toBeLessThanOrEqual(0)
  })

  it('allows ten pages at once, and the eleventh when the first is one period old', () => {
    let budget = unusedBudget
    for (let page = 0; page < 10; page += 1) {
      budget = countSlot(reserve(budget, 'page', String(page), 0), String(page), 1_000 * page)
    }
    expect(allowedAtMs(budget, 'page', defaultTerms)).toBe(spanMs)
  })

  it('waits at least one period after a 429, with both kinds of requests', () => {
    for (const retryAfterMs of [null, 0, 5_000]) {
      const limited = pushBack(unusedBudget, retryAfterMs, defaultTerms, 1_000)
      expect(allowedAtMs(limited, 'initial', defaultTerms)).toBe(1_000 + perMs)
      expect(allowedAtMs(limited, 'page', defaultTerms)).toBe(1_000 + perMs)
    }
  })

  it('waits at most sixty periods after a 429, so that an absurd Retry-After does not let records expire', () => {
    const limited = pushBack(unusedBudget, 1e12, defaultTerms, 1_000)
    expect(allowedAtMs(limited, 'initial', defaultTerms)).toBe(1_000 + 60 * perMs)
  })

  it('does not shorten a push-back because of a later one', () => {
    const limited = pushBack(unusedBudget, 600_000, defaultTerms, 0)
    expect(pushBack(limited, null, defaultTerms, 1_000).notBeforeMs).toBe(600_000)
  })

  it('slows down after three consecutive 429 responses, until none has arrived for as long as a slot then counts', () => {
    let budget = countSlot(reserve(unusedBudget, 'initial', 'a', 0), 'a', perMs)
    for (let times = 1; times < foreignUserAfter; times += 1) budget = pushBack(budget, null, defaultTerms, 0)
    expect(allowedAtMs(budget, 'initial', defaultTerms)).toBe(perMs + spanMs)
    const slowed = pushBack(budget, null, defaultTerms, 0)
    expect(allowedAtMs(slowed, 'initial', defaultTerms)).toBe(perMs + 2 * spanMs)

    const answered = clearLimited(slowed, defaultTerms, 2 * spanMs - 1)
    expect(answered).toMatchObject({ limitedInARow: 0, foreignUse: { sinceMs: 0, limitedAtMs: 0 } })
    expect(allowedAtMs(answered, 'initial', defaultTerms)).toBe(perMs + 2 * spanMs)
    const again = pushBack(answered, null, defaultTerms, spanMs)
    expect(clearLimited(again, defaultTerms, 3 * spanMs - 1).foreignUse).toMatchObject({
      limitedAtMs: spanMs,
    })

    const quiet = clearLimited(answered, defaultTerms, 2 * spanMs)
    expect(quiet.foreignUse).toBeUndefined()
    expect(allowedAtMs(quiet, 'initial', defaultTerms)).toBe(perMs + spanMs)
  })

  it('infers another user from three consecutive 429 responses, but not from two followed by a different response', () => {
    let budget = unusedBudget
    for (let round = 0; round < 5; round += 1) {
      budget = pushBack(pushBack(budget, null, defaultTerms, round), null, defaultTerms, round)
      budget = clearLimited(budget, defaultTerms, round)
    }
    expect(budget.foreignUse).toBeUndefined()
  })
})
