import {
  type Behaviour,
  documentedTerms,
  type FaultShares,
  type SimulatorTerms,
  usualBehaviour,
} from '@cdrstream/simulator'
import type { Chance } from '@cdrstream-internal/chance'
import type { ApiPlan, PlannedRefusal, PlannedUnserved } from './plan.ts'

export const minuteMs = 60_000

/** The themes for a world's API. */
export const apiThemes = [
  'calm',
  'faults',
  'outage',
  'milliseconds',
  'aged links',
  'no resume time',
  'refused',
  'tokens expire',
  'many orgs',
  'shared credential',
  'limited',
  'unserved seconds',
  'endless chains',
  'tighter terms',
  'empty pages',
  'resume time at the end',
] as const

export type ApiTheme = (typeof apiThemes)[number]

export interface ApiContext {
  readonly theme: ApiTheme
  readonly isCalm: boolean
  /** Whether the process is down for so long that it can catch up only if the API has no faults. */
  readonly isBehind: boolean
  readonly isShared: boolean
}

export function drawApi(chance: Chance, { theme, isCalm, isShared, isBehind }: ApiContext): ApiPlan {
  const retentionMs = chance.oneOf([60, 90, 120] as const) * minuteMs
  const terms: SimulatorTerms = {
    ...documentedTerms,
    pageSize: { min: 1, max: 5_000 },
    retentionMs,
    maxWindowMs: chance.oneOf([10, 15, 20] as const) * minuteMs,
  }
  const behaviour = drawBehaviour(chance, theme)
  const mustHurry = theme === 'outage' || theme === 'tighter terms'
  const isHard = theme === 'unserved seconds' || theme === 'endless chains'
  return {
    terms,
    configured: theme === 'tighter terms' ? widened(chance, terms) : terms,
    behaviour,
    pageSize: drawPageSize(chance, isShared || isBehind || isHard, behaviour),
    // Does not reach back to records that are about to expire, which would become a gap by design. If the
    // configured retention is longer, the collector cannot know yet which records these are.
    reachMs: chance.integer(5, retentionMs / minuteMs / (mustHurry ? 2 : 1) - 10) * minuteMs,
    faults: isCalm || isBehind ? {} : drawFaults(chance, theme),
    outages: theme === 'outage' && !isBehind ? [drawOutage(chance, terms)] : [],
    refusals: theme === 'refused' ? drawRefusals(chance) : [],
    unserved: isBehind ? [] : drawUnserved(chance, theme, terms),
    tokenMs: theme === 'tokens expire' ? chance.integer(4, 15) * minuteMs : null,
  }
}

function drawBehaviour(chance: Chance, theme: ApiTheme): Behaviour {
  const isLimited = theme === 'limited'
  return {
    ...usualBehaviour,
    endInclusive: chance.happens(0.7),
    bounds: theme === 'milliseconds' ? 'milliseconds' : 'seconds',
    emptyPageShare: theme === 'empty pages' ? 0.3 : 0,
    emptyAs: chance.oneOf(['empty-list', 'not-found', 'no-content'] as const),
    linkForm: chance.oneOf(['normal', 'misprinted', 'upper-case', 'mixed'] as const),
    agedLink: theme === 'aged links' ? 'answered' : 'refused',
    rateLimit: chance.oneOf(['sliding', 'fixed-minute', 'token-bucket'] as const),
    refusedCount: isLimited || chance.happens(0.7),
    retryAfter: chance.oneOf(['present', 'missing', 'small'] as const),
    itemOrder: chance.oneOf(['ascending', 'shuffled'] as const),
    resumeTime: drawResumeTime(chance, theme),
    totalCount: chance.oneOf(['window', 'window', 'absent', 'remaining'] as const),
    dateSkewMs: chance.oneOf([0, 0, 700, -2_500, 90_000, -90_000] as const),
  }
}

function drawResumeTime(chance: Chance, theme: ApiTheme): Behaviour['resumeTime'] {
  if (theme === 'no resume time') return 'absent'
  if (theme === 'resume time at the end') return 'window-end'
  return chance.oneOf(['milliseconds', 'milliseconds', 'seconds'] as const)
}

/** Returns terms as configured by someone who expects more from the API than it allows. */
function widened(chance: Chance, terms: SimulatorTerms): SimulatorTerms {
  const { retentionMs, maxWindowMs } = terms
  return {
    ...terms,
    retentionMs: retentionMs + chance.oneOf([0, 5, 15] as const) * minuteMs,
    maxWindowMs: maxWindowMs * chance.oneOf([1.5, 2] as const),
  }
}

function drawUnserved(chance: Chance, theme: ApiTheme, terms: SimulatorTerms): readonly PlannedUnserved[] {
  if (theme === 'endless chains') return [drawSpan(chance, 'endless')]
  if (theme !== 'unserved seconds') return []
  // Searching for such a second takes most of the retention of these worlds, because a 400 may concern the
  // times of any window, and a request that hangs takes minutes.
  if (chance.happens(0.4)) return [drawSpan(chance, chance.oneOf(['bad-request', 'hang'] as const))]
  const ways = ['server-error', 'malformed', 'cut', 'errors'] as const
  const spans = [drawSpan(chance, chance.oneOf(ways)), drawSpan(chance, chance.oneOf(ways))]
  // A retention of 60 requests (the documented one has 720) is not enough for two searches beside faults.
  return terms.retentionMs > 60 * minuteMs ? spans : spans.slice(0, 1)
}

/** Returns a span of one or a few seconds. */
function drawSpan(chance: Chance, as: PlannedUnserved['as']): PlannedUnserved {
  const fromMs = chance.integer(-10 * 60, 25 * 60) * 1_000
  return { as, fromMs, toMs: fromMs + chance.oneOf([1, 1, 3] as const) * 1_000 }
}

function drawFaults(chance: Chance, theme: ApiTheme): FaultShares {
  const maybe = (share: number) =>
    chance.happens(theme === 'faults' ? 0.8 : 0.3) ? chance.between(0, share) : 0
  return {
    'server-error': maybe(0.1),
    hang: maybe(0.02),
    drop: maybe(0.05),
    cut: maybe(0.05),
    malformed: maybe(0.05),
    limited: theme === 'limited' ? 0.05 : maybe(0.02),
    'bad-link': maybe(0.05),
    errors: maybe(0.05),
  }
}

/**
 * Returns a page size large enough that the budget suffices to read everything twice, despite faults and
 * delays.
 */
function drawPageSize(chance: Chance, isSlow: boolean, { resumeTime }: Behaviour): number {
  // A window that cannot be resumed must be read to its end without a fault, so it needs few pages.
  if (resumeTime === 'absent' || resumeTime === 'window-end') return 150
  return isSlow ? chance.oneOf([20, 150] as const) : chance.oneOf([7, 20, 150] as const)
}

/**
 * Returns an outage short enough that nothing expires if the collector makes good use of the remaining time.
 */
function drawOutage(chance: Chance, terms: SimulatorTerms) {
  const fromMs = chance.integer(10, 30) * minuteMs
  return { fromMs, toMs: fromMs + chance.between(1, longestOutageMs(terms) / minuteMs) * minuteMs }
}

/** Returns the maximum age of an unread second for it to be read before it expires, despite any faults. */
export function longestOutageMs({ retentionMs }: Pick<SimulatorTerms, 'retentionMs'>): number {
  return retentionMs / 3
}

function drawRefusals(chance: Chance): readonly PlannedRefusal[] {
  const reasons = ['token', 'permission', 'region', 'not-found'] as const
  const fromMs = chance.integer(3, 20) * minuteMs
  const reason = chance.oneOf(reasons)
  const later = chance.oneOf(reasons)
  const toMs = fromMs + chance.integer(1, 12) * minuteMs
  return [
    { reason, fromMs, toMs },
    { reason: later, fromMs: toMs + 3 * minuteMs, toMs: toMs + chance.integer(4, 10) * minuteMs },
  ]
}
