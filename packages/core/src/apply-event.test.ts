import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyEvent } from './apply-event.ts'
import { BrokenInvariant } from './assert.ts'
import type { CollectEvent, PageEvent } from './collect-event.ts'
import { spansAtLevel, unreadSpans } from './coverage.ts'
import { type OrgState, orgState, type Purpose } from './org-state.ts'
import { planWindow } from './plan-window.ts'
import type { Progress } from './progress.ts'
import { readableSpan } from './readable-span.ts'
import { unknownServerClock } from './server-clock.ts'
import type { Span } from './span.ts'
import { defaultTerms as terms } from './terms.ts'

const nowMs = Date.UTC(2026, 8, 24, 12)
const perMs = 60_000
const headSec = nowMs / 1_000 - 60
const oldestSec = nowMs / 1_000 - 43_200 + 1
const hour = 3_600
const back = (sec: number) => headSec - sec
const span = (fromSec: number, toSec: number): Span => ({ fromSec, toSec })

/** An org that has read nothing of the last six hours yet, and whose clock agrees with the server's. */
function org(progress: Partial<Progress> = {}, rest: Partial<OrgState> = {}): OrgState {
  const usual: Progress = {
    originSec: back(6 * hour),
    coverage: [],
    auditedToSec: back(6 * hour),
    deepAtSec: headSec,
    doubts: [],
  }
  return {
    ...orgState({ ...usual, ...progress }, nowMs),
    server: { aheadMinMs: 0, aheadMaxMs: 0, learnedAtMs: nowMs },
    ...rest,
  }
}

const apply = (state: OrgState, ...events: readonly CollectEvent[]) =>
  events.reduce((after, event) => applyEvent(after, event, terms, nowMs), state)

const asked = (window: Span, purpose: Purpose = 'backlog', deep = false): CollectEvent => ({
  kind: 'asked',
  purpose,
  window,
  deep,
})
const lastPage = (items = 0, repeated = 0): PageEvent => ({ kind: 'page', items, repeated, next: null })
const page = (query: string, resumeSec: number | null, totalCount: number | null = null): PageEvent => ({
  kind: 'page',
  items: 5_000,
  repeated: 0,
  next: { query, resumeMs: resumeSec === null ? null : resumeSec * 1_000, totalCount },
})
const failed = (forItsSize = false, retryAfterMs: number | null = null): CollectEvent => ({
  kind: 'failed',
  blame: forItsSize ? 'size' : 'unknown',
  retryAfterMs,
})
const refused = (reason: 'window' | 'other'): CollectEvent => ({ kind: 'refused', reason })
const limited: CollectEvent = { kind: 'limited' }

const window = span(back(6 * hour), back(5 * hour))
const readSpans = ({ progress }: OrgState) => spansAtLevel(progress.coverage, 'read')

describe('a request for a window', () => {
  it('starts reading the window and remembers its purpose', () => {
    const state = apply(org(), asked(window))
    expect(state).toMatchObject({ previous: 'backlog', sinceHead: 1 })
    expect(state.reading).toMatchObject({ window, link: null, readToSec: window.fromSec })
    expect(apply(state, asked(window, 'head'))).toMatchObject({ previous: 'head', sinceHead: 0 })
  })

  it('records when the head was read with the deep look-back', () => {
    const head = span(back(hour), headSec)
    expect(apply(org({ deepAtSec: 0 }), asked(head, 'head')).progress.deepAtSec).toBe(0)
    expect(apply(org({ deepAtSec: 0 }), asked(head, 'head', true)).progress.deepAtSec).toBe(headSec)
  })

  it('cuts short the window being read', () => {
    const head = span(back(hour), headSec)
    const state = apply(org(), asked(head, 'head'), page('2', back(hour / 2)), asked(window))
    expect(state.headCutShort).toBe(true)
    expect(readSpans(state)).toEqual([span(back(hour), back(hour / 2))])
    expect(apply(state, lastPage()).headCutShort).toBe(true)
    expect(apply(state, asked(head, 'head'), lastPage()).headCutShort).toBe(false)
  })
})

describe('a page', () => {
  it('covers its window up to the start of the next page, rounded down to the second', () => {
    const state = apply(org(), asked(window), page('2', window.fromSec + 100.999))
    expect(readSpans(state)).toEqual([span(window.fromSec, window.fromSec + 100)])
    expect(state.reading).toMatchObject({ link: '2', readToSec: window.fromSec + 100 })
  })

  it('covers its entire window when it is the last page', () => {
    const state = apply(org(), asked(window), page('2', window.fromSec + 100), lastPage(10))
    expect(readSpans(state)).toEqual([window])
    expect(state.reading).toBeNull()
  })

  it('covers nothing more when the next page has no start time, or an earlier one', () => {
    const state = apply(org(), asked(window), page('2', null), page('3', window.fromSec - 100))
    expect(readSpans(state)).toEqual([])
    const further = apply(
      state,
      page('4', window.fromSec + 100),
      page('5', window.fromSec + 50),
      page('6', null),
    )
    expect(readSpans(further)).toEqual([span(window.fromSec, window.fromSec + 100)])
  })

  it('covers nothing when its link points to the end of the window, because more records exist at an unknown position', () => {
    for (const resumeSec of [window.toSec, headSec]) {
      const state = apply(org(), asked(window), page('2', resumeSec))
      expect(readSpans(state)).toEqual([])
      expect(state.reading?.link).toBe('2')
      const further = apply(org(), asked(window), page('2', window.fromSec + 100), page('3', resumeSec))
      expect(readSpans(further)).toEqual([span(window.fromSec, window.fromSec + 100)])
    }
  })

  it('without items extends coverage like any other', () => {
    let state = org()
    for (let initials = 0; unreadSpans(state.progress.coverage, span(back(6 * hour), headSec)).length > 0; ) {
      const planned = planWindow(state, terms, nowMs) ?? expect.fail('no window is planned')
      state = apply(state, { kind: 'asked', ...planned }, lastPage(0))
      expect(++initials).toBeLessThanOrEqual(3)
    }
    expect(readSpans(state)).toEqual([span(back(6 * hour), headSec)])
  })

  it('with a link but without items does not end the window', () => {
    const empty = { ...page('2', window.fromSec + 100), items: 0 }
    expect(apply(org(), asked(window), empty).reading?.link).toBe('2')
  })

  it('that was not requested throws', () => {
    expect(() => apply(org(), lastPage(5_000))).toThrow(BrokenInvariant)
  })

  it('ends a pause and resets the count of failures', () => {
    const state = org({}, { failures: 7, waitUntilMs: nowMs + 1, marginMs: 50 })
    expect(apply(state, asked(window), lastPage())).toMatchObject({
      failures: 0,
      waitUntilMs: 0,
      marginMs: 0,
    })
  })

  it('updates the record rate', () => {
    const complete = apply(org(), asked(window), lastPage(3_600))
    expect(complete.recordsPerSec).toBe(1)
    expect(apply(complete, asked(window), page('2', null, 3 * 3_600)).recordsPerSec).toBe(2)
    // Without a count, an incomplete window shows nothing about the rate, and the past shows nothing about
    // the present.
    expect(apply(complete, asked(window), page('2', null)).recordsPerSec).toBe(1)
    expect(apply(complete, asked(window, 'audit'), lastPage(0)).recordsPerSec).toBe(1)
    expect(apply(complete, asked(window, 'doubt'), lastPage(0)).recordsPerSec).toBe(1)
  })
})

describe('the audit', () => {
  const first = span(oldestSec + 10, oldestSec + 10 + 2 * hour)

  it('makes its span final, up to where it was cut short', () => {
    const before = org({ originSec: first.fromSec, auditedToSec: first.fromSec })
    const cut = apply(before, asked(first, 'audit'), page('2', first.fromSec + 500.5))
    expect(cut.progress.auditedToSec).toBe(first.fromSec + 500)
    expect(spansAtLevel(cut.progress.coverage, 'final')).toEqual([span(first.fromSec, first.fromSec + 500)])
    expect(apply(cut, lastPage()).progress.auditedToSec).toBe(first.toSec)
  })

  it('also makes final the seconds of the audited part that are read later', () => {
    const before = org({ originSec: first.fromSec, auditedToSec: first.toSec })
    const state = apply(before, asked(first), lastPage())
    expect(spansAtLevel(state.progress.coverage, 'final')).toEqual([first])
    expect(readSpans(state)).toEqual([])
  })
})

describe('a window that is incomplete by its own count', () => {
  const short = [asked(window), page('2', window.fromSec + 100, 6_000), lastPage(999)] as const

  it('is doubtful and will be read again', () => {
    const { progress } = apply(org(), ...short)
    expect(progress.coverage).toEqual([{ ...window, level: 'doubtful' }])
    expect(progress.doubts).toEqual([window])
  })

  it('is complete with one more item', () => {
    const { progress } = apply(org(), ...short.slice(0, 2), lastPage(1_000))
    expect(progress.coverage).toEqual([{ ...window, level: 'read' }])
    expect(progress.doubts).toEqual([])
  })

  it('counts the items of a repeated boundary second once', () => {
    const { progress } = apply(org(), ...short.slice(0, 2), lastPage(1_000, 1))
    expect(progress.doubts).toEqual([window])
  })

  it('is measured by the largest count seen', () => {
    const counts = [page('2', null, 15_001), page('3', null, 9_000), page('4', null)]
    expect(apply(org(), asked(window), ...counts, lastPage(0)).progress.doubts).toEqual([window])
    expect(apply(org(), asked(window), ...counts, lastPage(1)).progress.doubts).toEqual([])
  })

  it('counts as read when it is complete the second time', () => {
    const { progress } = apply(org(), ...short, asked(window, 'doubt'), lastPage(6_000 - 1))
    expect(progress.coverage).toEqual([{ ...window, level: 'read' }])
    expect(progress.doubts).toEqual([])
  })

  it('stays doubtful when it is short the second time too, and is not read a third time', () => {
    const again = [asked(window, 'doubt'), page('2', window.fromSec + 100, 6_000), lastPage(999)]
    const { progress } = apply(org(), ...short, ...again)
    expect(progress.coverage).toEqual([{ ...window, level: 'doubtful' }])
    expect(progress.doubts).toEqual([])
  })

  it('stays doubtful where the second reading did not reach', () => {
    const { progress } = apply(
      org(),
      ...short,
      asked(window, 'doubt'),
      page('2', window.fromSec + 100),
      limited,
    )
    expect(progress.doubts).toEqual([span(window.fromSec + 100, window.toSec)])
  })

  it('is no longer doubtful once it has expired', () => {
    const state = apply(
      org({ doubts: [span(oldestSec - 10, oldestSec), span(oldestSec - 10, oldestSec + 1)] }),
      limited,
    )
    expect(state.progress.doubts).toEqual([span(oldestSec - 10, oldestSec + 1)])
  })
})

describe('an audit that is incomplete by its own count', () => {
  const first = span(oldestSec + 10, oldestSec + 10 + 2 * hour)
  const short = (purpose: Purpose) => [asked(first, purpose), page('2', null, 6_000), lastPage(999)]
  const audited = { originSec: first.fromSec, auditedToSec: first.fromSec }

  it('ends doubtful although its pages were final, and is read again', () => {
    const { progress } = apply(org(audited), ...short('audit'))
    expect(progress.coverage).toEqual([{ ...first, level: 'doubtful' }])
    expect(progress.doubts).toEqual([first])
  })

  it('stays doubtful when it is short again, and is final when it is not', () => {
    const twice = apply(org(audited), ...short('audit'), ...short('doubt'))
    expect(twice.progress.coverage).toEqual([{ ...first, level: 'doubtful' }])
    expect(twice.progress.doubts).toEqual([])
    const whole = [asked(first, 'doubt'), page('2', null, 6_000), lastPage(1_000)]
    expect(apply(org(audited), ...short('audit'), ...whole).progress.coverage).toEqual([
      { ...first, level: 'final' },
    ])
  })
})

describe('a window that was resumed before its last page', () => {
  const cut = [asked(window), page('2', window.fromSec + 100, 8_000)] as const
  const rest = span(window.fromSec + 100, window.toSec)

  it('is doubtful when all its parts together are short of its count', () => {
    const { progress } = apply(org(), ...cut, asked(rest), lastPage(2_999))
    expect(progress.coverage).toEqual([{ ...window, level: 'doubtful' }])
    expect(progress.doubts).toEqual([window])
  })

  it('is complete when all its parts together reach its count', () => {
    const { progress } = apply(org(), ...cut, asked(rest), lastPage(3_000))
    expect(progress.coverage).toEqual([{ ...window, level: 'read' }])
    expect(progress.doubts).toEqual([])
  })

  it('counts items that two parts share once for the whole, and once for each part', () => {
    const shared = apply(org(), ...cut, asked(rest), lastPage(3_005, 6))
    expect(shared.progress.doubts).toEqual([window])
    const own = [asked(rest), { ...page('3', null, 5_010), repeated: 10 }, lastPage(10)]
    expect(apply(org(), asked(window), page('2', window.fromSec + 100), ...own).progress.doubts).toEqual([])
  })

  it('can be resumed several times, between other windows, and by a window that reaches further', () => {
    const head = span(back(600), headSec)
    const middle = span(window.fromSec + 100, window.toSec + 100)
    const last = span(window.fromSec + 200, window.toSec + 200)
    const parts = (items: number) => [
      ...cut,
      asked(head, 'head'),
      lastPage(10),
      asked(middle),
      { ...page('3', window.fromSec + 200, 9_000), items: 1_000 },
      asked(last),
      lastPage(items),
    ]
    expect(apply(org(), ...parts(1_999)).progress.doubts).toEqual([window])
    expect(apply(org(), ...parts(2_000)).progress.doubts).toEqual([])
  })

  it('is not read a third time', () => {
    const again = [
      asked(window, 'doubt'),
      page('2', window.fromSec + 100, 8_000),
      asked(rest, 'doubt'),
      lastPage(1),
    ]
    const { progress } = apply(org({ doubts: [window] }), ...again)
    expect(progress.doubts).toEqual([])
    expect(progress.coverage).toEqual([{ ...window, level: 'doubtful' }])
  })
})

describe('an empty page with a link', () => {
  const empty = (query: string): PageEvent => ({ ...page(query, null), items: 0 })

  it('is followed even if the link is the same, because the items may only be late', () => {
    const state = apply(org(), asked(window), empty('2'), empty('2'), empty('2'))
    expect(state).toMatchObject({ failures: 0, reading: { link: '2' } })
    expect(readSpans(apply(state, lastPage(3)))).toEqual([window])
  })

  it('is not followed forever', () => {
    let state = apply(org(), asked(window))
    for (let pages = 0; pages < 22; pages += 1) state = apply(state, empty('2'))
    expect(state).toMatchObject({ failures: 1, reading: null })
  })
})

describe('a full page without a link', () => {
  it('makes its window doubtful, and the window is read once more in two halves', () => {
    const { progress } = apply(org(), asked(window), lastPage(5_000))
    expect(progress.coverage).toEqual([{ ...window, level: 'doubtful' }])
    const middleSec = back(5.5 * hour)
    expect(progress.doubts).toEqual([span(window.fromSec, middleSec), span(middleSec, window.toSec)])
  })

  it('does not split a half that is full again', () => {
    const halved = apply(org(), asked(window), lastPage(5_000))
    const [half] = halved.progress.doubts
    if (half === undefined) expect.fail('no half')
    const { progress } = apply(halved, asked(half, 'doubt'), lastPage(5_000))
    expect(progress.doubts).toEqual(halved.progress.doubts.slice(1))
    expect(spansAtLevel(progress.coverage, 'doubtful')).toEqual([window])
    const last = apply(halved, asked(half, 'doubt'), lastPage(4_999))
    expect(readSpans(last)).toEqual([half])
  })

  it('of a single second is doubtful and read once more', () => {
    const second = span(back(1_000), back(999))
    const once = apply(org(), asked(second), lastPage(5_000))
    expect(once.progress.doubts).toEqual([second])
    const twice = apply(once, asked(second, 'doubt'), lastPage(5_000))
    expect(twice.progress.doubts).toEqual([])
    expect(twice.progress.coverage).toEqual([{ ...second, level: 'doubtful' }])
  })

  it("is trusted if the window's count shows that nothing is missing", () => {
    const { progress } = apply(org(), asked(window), page('2', null, 10_000), lastPage(5_000))
    expect(progress.doubts).toEqual([])
  })

  it('is recognized if the server raised or lowered the page size', () => {
    const doubts = (pageSize: number, items: number) => {
      const begun = apply(org(), asked(window))
      return applyEvent(begun, lastPage(items), { ...terms, pageSize }, nowMs).progress.doubts.length
    }
    expect(doubts(10, 500)).toBe(2)
    expect(doubts(10, 10)).toBe(2)
    expect(doubts(9_000, 5_000)).toBe(2)
    expect(doubts(1_000, 5_000)).toBe(0)
  })
})

describe('a window that is returned empty', () => {
  const had = [asked(window), lastPage(3)] as const
  const wider = span(window.fromSec, window.toSec + 60)

  it('although part of it had items before is doubtful and read once more', () => {
    const state = apply(org(), ...had, asked(wider), lastPage(0))
    expect(state.progress.doubts).toEqual([wider])
    expect(spansAtLevel(state.progress.coverage, 'doubtful')).toEqual([wider])
    const again = apply(state, asked(wider, 'doubt'), lastPage(0))
    expect(again.progress.doubts).toEqual([])
  })

  it('is trusted if nothing contradicts it', () => {
    const beside = span(window.fromSec + 1, window.toSec + 60)
    expect(apply(org(), ...had, asked(beside), lastPage(0)).progress.doubts).toEqual([])
    expect(apply(org(), ...had, asked(wider), lastPage(1)).progress.doubts).toEqual([])
    expect(apply(org(), asked(window), lastPage(0), asked(wider), lastPage(0)).progress.doubts).toEqual([])
  })
})

describe('a window that cannot be followed to its end', () => {
  it('is divided when its link is refused or fails and it has no resume point', () => {
    for (const event of [refused('window'), failed()]) {
      const state = apply(org(), asked(window), page('2', null), event)
      expect(state.progress.unserved).toMatchObject([{ ...window, stage: 'divided' }])
    }
  })

  it('continues from its resume point if it has one', () => {
    const resumeSec = window.fromSec + 100
    const rest = { fromSec: resumeSec, toSec: window.toSec }
    expect(
      apply(org(), asked(window), page('2', resumeSec), refused('window')).progress.unserved,
    ).toBeUndefined()
    expect(apply(org(), asked(window), page('2', resumeSec), failed()).progress.unserved).toMatchObject([
      { ...rest, stage: 'suspected' },
    ])
  })

  it('is divided when the same link comes twice', () => {
    const pages = [page('2', window.fromSec + 100), page('2', window.fromSec + 200)]
    const state = apply(org(), asked(window), ...pages)
    expect(state).toMatchObject({ reading: null, failures: 1 })
    expect(state.progress.unserved).toMatchObject([
      { fromSec: window.fromSec + 100, toSec: window.toSec, stage: 'divided' },
    ])
    expect(readSpans(state)).toEqual([span(window.fromSec, window.fromSec + 100)])
  })
})

describe('a head window that failed', () => {
  it('counts as cut short, so that the next one puts progress first', () => {
    const head = span(back(hour), headSec)
    for (const event of [failed(), refused('other'), refused('window')]) {
      expect(apply(org(), asked(head, 'head'), page('2', null), event).headCutShort).toBe(true)
      expect(apply(org(), asked(window), page('2', null), event).headCutShort).toBe(false)
    }
  })
})

describe('429', () => {
  it('keeps a window if one of its pages was read', () => {
    const begun = apply(org(), asked(window), page('2', window.fromSec + 100))
    expect(apply(begun, limited)).toEqual(begun)
  })

  it('gives up a window if none of its pages was read', () => {
    const state = apply(org(), asked(window), limited)
    expect(state.reading).toBeNull()
    expect(state).toMatchObject({ failures: 0, waitUntilMs: 0, windowLimit: null })
  })
})

describe('a failure', () => {
  it('is retried immediately the first time, then after pauses that double up to five periods', () => {
    const pausesMs: number[] = []
    let state = org()
    for (let times = 0; times < 7; times += 1) {
      state = apply(state, asked(window), failed())
      pausesMs.push(state.waitUntilMs - nowMs)
    }
    expect(pausesMs).toEqual([0, 1, 2, 4, 5, 5, 5].map((terms) => terms * perMs))
    expect(state.progress.coverage).toEqual([])
  })

  it('pauses for as long as the server asks, up to five periods', () => {
    expect(apply(org(), asked(window), failed(false, 90_000)).waitUntilMs).toBe(nowMs + 90_000)
    expect(apply(org(), asked(window), failed(false, 1e9)).waitUntilMs).toBe(nowMs + 5 * perMs)
  })
})

describe('a refusal', () => {
  it('that is permanent pauses the org for five periods each time', () => {
    const once = apply(org(), asked(window), refused('other'))
    expect(once).toMatchObject({ reading: null, waitUntilMs: nowMs + 5 * perMs, marginMs: 0 })
    expect(apply(once, asked(window), refused('other')).waitUntilMs).toBe(nowMs + 5 * perMs)
  })

  it("of the head's times doubles the margin at both ends without a pause", () => {
    const margins: number[] = []
    let state = org()
    for (let times = 0; times < 8; times += 1) {
      state = apply(state, asked(span(back(180), headSec), 'head'), refused('window'))
      margins.push(state.marginMs)
      expect(state.waitUntilMs).toBe(0)
    }
    expect(margins).toEqual([1, 2, 4, 8, 16, 32, 64, 120].map((sec) => sec * 1_000))
  })

  it('of only the newest seconds widens the margin further, but only at the newest end', () => {
    const before = org({}, { marginMs: 120_000 })
    const newest = headSec - 120
    const short = apply(before, asked(span(newest - 120, newest), 'head'), refused('window'))
    expect(short.marginMs).toBe(240_000)
    const ends = (state: OrgState) => readableSpan(state, terms, nowMs)
    expect(ends(short)).toEqual({ fromSec: ends(before).fromSec, toSec: headSec - 240 })
    const longer = apply(before, asked(span(newest - 180, newest), 'head'), refused('window'))
    expect(longer.marginMs).toBe(120_000)
  })

  it('of the times is no longer attributed to the clock after eight refusals, and pauses the org', () => {
    const state = apply(org({}, { failures: 8, marginMs: 120_000 }), asked(window), refused('window'))
    expect(state).toMatchObject({ waitUntilMs: nowMs + 5 * perMs, marginMs: 120_000 })
  })

  it('of the times corrects the server clock, but by days only if two responses agree', () => {
    const refusedAt = (aheadMs: number): CollectEvent => {
      const server = { dateMs: nowMs + aheadMs, sentAtMs: nowMs - 300, answeredAtMs: nowMs }
      return { kind: 'refused', reason: 'window', server }
    }
    const aMinute = apply(org({}, { server: unknownServerClock(nowMs) }), asked(window), refusedAt(-60_000))
    expect(aMinute.server).toMatchObject({ aheadMinMs: -60_000, aheadMaxMs: -58_700 })

    const days = -3 * 86_400_000
    const once = apply(org(), asked(window), refusedAt(days))
    expect(once.server).toMatchObject(org().server)
    const twice = apply(once, asked(window), refusedAt(days))
    expect(twice.server).toMatchObject({ aheadMinMs: days, aheadMaxMs: days + 1_300 })
  })

  it('that concerns a start long ago shows a shorter retention, unless such a start is served later', () => {
    const refusedStart = [asked(span(back(11 * hour), back(10 * hour)), 'audit'), refused('window')]
    const served = (sec: number) => [asked(span(back(sec), headSec), 'head'), lastPage()]
    const refusedTimes = (fromSec: number) =>
      [1, 2, 3, 4].flatMap((times) => [...refusedStart, ...served(fromSec + 10 * times)])
    // Each head window starts earlier than any accepted window, but shows nothing about old starts.
    expect(apply(org(), ...refusedTimes(120)).progress.learned).toMatchObject({
      retentionMs: expect.any(Number),
    })
    const between = [...refusedStart, ...served(10 * hour), ...refusedStart, ...refusedStart]
    expect(apply(org(), ...between).progress.learned).toBeUndefined()
  })

  it('of a link says nothing about the clock, because the window was accepted before', () => {
    const state = apply(org(), asked(window), page('2', window.fromSec + 100), refused('window'))
    expect(state).toMatchObject({ reading: null, marginMs: 0, waitUntilMs: 0, failures: 1 })
  })

  it('leaves a margin that later pages reduce to zero', () => {
    let state = org({}, { marginMs: 8_000 })
    for (let pages = 0; pages < 500; pages += 1) {
      const before = state.marginMs
      state = apply(state, asked(window), lastPage())
      expect(state.marginMs).toBeLessThanOrEqual(before)
    }
    expect(state.marginMs).toBe(0)
  })
})

describe('seconds that expired unread', () => {
  const hole = span(oldestSec - 10, oldestSec + 10)
  const origin = { originSec: hole.fromSec }

  it.each([limited, failed(), refused('other'), asked(window)])(
    'are a gap after any event: $kind',
    (event) => {
      const { coverage } = apply(org(origin), event).progress
      expect(spansAtLevel(coverage, 'gap')).toEqual([span(hole.fromSec, oldestSec)])
    },
  )

  it('are not a gap where they were read', () => {
    const coverage = [{ ...span(hole.fromSec, oldestSec - 5), level: 'doubtful' as const }]
    const state = apply(org({ ...origin, coverage }), limited)
    expect(spansAtLevel(state.progress.coverage, 'gap')).toEqual([span(oldestSec - 5, oldestSec)])
  })

  describe('according to a clock that is only presumed', () => {
    const presumed = { server: unknownServerClock(nowMs) }
    const gaps = (state: OrgState) => spansAtLevel(state.progress.coverage, 'gap')

    it('are not a gap yet, because the clock may be days ahead', () => {
      for (const event of [asked(window), limited, failed(), refused('window')])
        expect(gaps(apply(org(origin, presumed), asked(window), event))).toEqual([])
    })

    it('are a gap once the server has shown its time or accepted ours', () => {
      const server = { dateMs: nowMs, sentAtMs: nowMs, answeredAtMs: nowMs }
      const dated: CollectEvent = { kind: 'refused', reason: 'window', server }
      expect(gaps(apply(org(origin, presumed), asked(window), dated))).toHaveLength(1)
      expect(gaps(apply(org(origin, presumed), asked(window), lastPage()))).toHaveLength(1)
    })
  })
})

describe('an absurd Date header', () => {
  const farMs = 200 * 86_400_000
  const server = { dateMs: nowMs + farMs, sentAtMs: nowMs - 300, answeredAtMs: nowMs }
  const sane = { dateMs: nowMs, sentAtMs: nowMs - 300, answeredAtMs: nowMs }
  const gaps = (state: OrgState) => spansAtLevel(state.progress.coverage, 'gap')

  it('on a failure or a push-back, which a proxy may have written, is always ignored', () => {
    for (const event of [failed(), limited, refused('other')]) {
      const dated = { ...event, server } as CollectEvent
      const state = apply(org(), asked(window), dated, asked(window), dated, asked(window), dated)
      expect(state.server).toEqual(org().server)
      expect(gaps(state)).toEqual(gaps(org()))
    }
  })

  it('on one page does not make any second expire, and has no effect after the next page', () => {
    for (const before of [org(), org({}, { server: unknownServerClock(nowMs) })]) {
      const state = apply(before, asked(window), { ...lastPage(), server })
      expect(gaps(state)).toEqual([])
      const after = apply(state, asked(window), { ...lastPage(), server: sane })
      expect(after.server.contradiction).toBeUndefined()
      expect(gaps(after)).toEqual([])
    }
  })
})

describe('any order of events', () => {
  // Far enough from expiry that no margin reaches it.
  const originSec = oldestSec + 600
  const sec = fc.integer({ min: originSec, max: headSec })
  const someWindow = fc
    .tuple(sec, fc.integer({ min: 1, max: 2 * hour }))
    .map(([fromSec, lengthSec]) => span(fromSec, Math.min(fromSec + lengthSec, headSec + 1)))
  const purpose = fc.constantFrom<Purpose>('expiring', 'backlog', 'audit', 'doubt', 'head')
  const count = fc.nat({ max: 6_000 })
  const next = fc.record({
    query: fc.constantFrom('2', '3', '4'),
    resumeMs: fc.option(sec.map((at) => at * 1_000 + 500)),
    totalCount: fc.option(fc.nat({ max: 20_000 })),
  })
  const event: fc.Arbitrary<CollectEvent> = fc.oneof(
    fc
      .tuple(someWindow, purpose, fc.boolean())
      .map(([window, purpose, deep]) => asked(window, purpose, deep)),
    fc.record({ kind: fc.constant('page' as const), items: count, repeated: count, next: fc.option(next) }),
    fc.constant(limited),
    fc.constantFrom('window' as const, 'other' as const).map(refused),
    fc
      .tuple(fc.boolean(), fc.option(fc.nat()))
      .map(([forItsSize, retryAfterMs]) => failed(forItsSize, retryAfterMs)),
  )
  const seconds = (spans: readonly Span[]) =>
    spans.reduce((sum, { fromSec, toSec }) => sum + toSec - fromSec, 0)

  /** Returns whether the event is possible: a page requires a window being read. */
  const canHappen = ({ reading }: OrgState, { kind }: CollectEvent) => kind !== 'page' || reading !== null

  it('covers only seconds in requested windows, up to the end of the pages', () => {
    fc.assert(
      fc.property(fc.array(event), (events) => {
        let state = org({ originSec })
        for (const event of events) {
          const { reading, progress } = state
          if (!canHappen(state, event)) continue
          state = apply(state, event)
          const covered = state.progress.coverage
          // Coverage grows at most by what the page can have covered, and never shrinks.
          const before = seconds(progress.coverage)
          const allowed =
            event.kind === 'page' && reading !== null ? reading.window.toSec - reading.readToSec : 0
          expect(seconds(covered)).toBeGreaterThanOrEqual(before)
          expect(seconds(covered)).toBeLessThanOrEqual(before + allowed)
          if (event.kind === 'page' && reading !== null && event.next !== null) {
            const resumeSec = Math.floor((event.next.resumeMs ?? 0) / 1_000)
            const newest = Math.max(resumeSec, reading.readToSec)
            const beyond = span(newest, reading.window.toSec)
            expect(unreadSpans(covered, beyond)).toEqual(unreadSpans(progress.coverage, beyond))
          }
        }
      }),
    )
  })

  it('leaves plain data that survives serialization', () => {
    fc.assert(
      fc.property(fc.array(event), (events) => {
        const { progress } = events.reduce(
          (state, event) => (canHappen(state, event) ? apply(state, event) : state),
          org({ originSec }),
        )
        expect(JSON.parse(JSON.stringify(progress))).toEqual(progress)
      }),
    )
  })
})
