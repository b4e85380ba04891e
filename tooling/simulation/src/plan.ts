import {
  type Behaviour,
  documentedTerms,
  type FaultShares,
  type RecordMix,
  type SimulatedOrg,
  type SimulatorTerms,
  usualBehaviour,
  usualMix,
} from '@cdrstream/simulator'
import type { Chance } from '@cdrstream-internal/chance'
import type { SinkTroubles } from './memory-sinks.ts'
import type { Unreliability } from './unreliable.ts'

/** All that a seed decides. */
export interface Plan {
  readonly forMs: number
  readonly terms: SimulatorTerms
  readonly pageSize: number
  readonly reachMs: number
  readonly orgs: readonly SimulatedOrg[]
  readonly mix: RecordMix
  readonly behaviour: Behaviour
  readonly faults: FaultShares
  /** Of the API, after the beginning. */
  readonly outages: readonly { readonly fromMs: number; readonly toMs: number }[]
  readonly longestDelayMs: number
  readonly journalTroubles: Unreliability
  readonly sinkTroubles: SinkTroubles
}

const minuteMs = 60_000

export function drawPlan(chance: Chance): Plan {
  const retentionMs = chance.oneOf([60, 90, 120] as const) * minuteMs
  const terms: SimulatorTerms = {
    ...documentedTerms,
    pageSize: { min: 1, max: 5_000 },
    retentionMs,
    maxWindowMs: chance.oneOf([10, 15, 20] as const) * minuteMs,
  }
  const shared = chance.happens(0.3)
  const resumeTime = chance.oneOf(['milliseconds', 'milliseconds', 'seconds', 'absent'] as const)
  const names = chance.happens(0.5) ? ['acme'] : ['acme', 'blue']
  const forMs = chance.integer(60, 150) * minuteMs
  // Records that become visible late are promised only while the audit has time for its work.
  const calm = chance.happens(0.25)
  const often = (share: number) => (chance.happens(0.5) ? chance.between(0, share) : 0)
  const trouble = (share: number) => (calm ? 0 : often(share))
  return {
    forMs,
    terms,
    pageSize: drawPageSize(chance, shared, resumeTime),
    // What is about to expire at the very start is a gap by design.
    reachMs: chance.integer(5, retentionMs / minuteMs - 10) * minuteMs,
    orgs: names.map((name) => ({
      name,
      token: `token-of-${name}`,
      credential: shared ? 'shared' : name,
      recordsPerMinute: inBursts(chance.oneOf([0.7, 3, 9] as const)),
    })),
    mix: {
      ...usualMix,
      insertionDelayMs: chance.oneOf([1, 2_000, 20_000] as const),
      lateShare: often(0.2),
      lateMaxMs: chance.integer(1, 20) * minuteMs,
      repeatShare: often(0.1),
      revisionShare: often(0.1),
      twinShare: often(0.05),
      lagShare: calm ? 0.05 : 0,
      // Look-back and audit find what becomes visible in a span that was read already.
      lagMaxMs: calm ? retentionMs / 4 : 0,
      strangeShare: often(0.1),
    },
    behaviour: {
      ...usualBehaviour,
      endInclusive: chance.happens(0.7),
      emptyAs: chance.oneOf(['empty-list', 'not-found', 'no-content'] as const),
      linkForm: chance.oneOf(['normal', 'misprinted', 'upper-case', 'mixed'] as const),
      rateLimit: chance.oneOf(['sliding', 'fixed-minute', 'token-bucket'] as const),
      refusedCount: chance.happens(0.7),
      retryAfter: chance.oneOf(['present', 'missing', 'small'] as const),
      itemOrder: chance.oneOf(['ascending', 'shuffled'] as const),
      resumeTime,
      totalCount: chance.oneOf(['window', 'window', 'absent', 'remaining'] as const),
      dateSkewMs: chance.oneOf([0, 0, 700, -2_500, 90_000, -90_000] as const),
    },
    faults: {
      'server-error': trouble(0.1),
      hang: trouble(0.02),
      drop: trouble(0.05),
      cut: trouble(0.05),
      malformed: trouble(0.05),
      limited: trouble(0.03),
      'bad-link': trouble(0.05),
    },
    outages: !calm && chance.happens(0.4) ? [drawOutage(chance, retentionMs)] : [],
    longestDelayMs: calm ? 200 : chance.oneOf([200, 2_000, 8_000] as const),
    journalTroubles: {
      killBefore: trouble(0.005),
      killAfter: trouble(0.005),
      failBefore: trouble(0.01),
      failAfter: trouble(0.01),
    },
    sinkTroubles: { retry: trouble(0.2), throwHalfway: trouble(0.1), again: trouble(0.2) },
  }
}

/**
 * Few records, because each costs the test time, and yet often several in one second: they end with every fourth one. The delay until they
 * are inserted leaves them there, or scatters them.
 */
function inBursts(perMinute: number): (atMs: number) => number {
  return (atMs) => (Math.floor(atMs / 1_000) % 4 === 0 ? 4 * perMinute : 0)
}

/** Large enough that the budget allows to read everything twice, with what faults and delays cost. */
function drawPageSize(chance: Chance, shared: boolean, resumeTime: Behaviour['resumeTime']): number {
  // A window that can only be followed has to be read to its end without a fault.
  if (resumeTime === 'absent') return 150
  return shared ? chance.oneOf([20, 150] as const) : chance.oneOf([7, 20, 150] as const)
}

/** Short enough that nothing expires, if the collector uses what is left. */
function drawOutage(chance: Chance, retentionMs: number) {
  const fromMs = chance.integer(10, 40) * minuteMs
  return { fromMs, toMs: fromMs + chance.between(1, retentionMs / minuteMs / 3) * minuteMs }
}
