import type { FaultShares } from './faults.ts'
import type { SimulatorTerms } from './terms.ts'

export interface SimulatorOptions {
  readonly seed: number
  readonly clock: SimulatorClock
  readonly orgs: readonly SimulatedOrg[]
  readonly terms?: SimulatorTerms
  /** From when on there are records, in milliseconds; default: the time of creation. */
  readonly sinceMs?: number
  readonly mix?: Partial<RecordMix>
  readonly behaviour?: Partial<Behaviour>
  readonly faults?: FaultShares
}

export interface SimulatorClock {
  /** Milliseconds since 1970, UTC. */
  nowMs(): number
}

export interface SimulatedOrg {
  readonly name: string
  /** The access token that reads this org. */
  readonly token: string
  /** What the rate limit belongs to. Default: the token. */
  readonly credential?: string
  readonly recordsPerMinute: number
  readonly orgUuid?: string
}

/** What the records are like. All shares are of records. */
export interface RecordMix {
  /** Inserted late, by up to `lateMaxMs` after their release; the others within `insertionDelayMs`. */
  readonly lateShare: number
  readonly lateMaxMs: number
  readonly insertionDelayMs: number
  /** Inserted once again, unchanged, within `lateMaxMs`. */
  readonly repeatShare: number
  /** Inserted once again, changed, within `lateMaxMs`: half of them with a later Report time. */
  readonly revisionShare: number
  /** Twice in the same second, unchanged. */
  readonly twinShare: number
  /** Visible only so long after their insertion time, although that has settled. */
  readonly lagShare: number
  readonly lagMaxMs: number
  /** Items that are no records, or records of strange content. */
  readonly strangeShare: number
}

export const usualMix: RecordMix = {
  lateShare: 0.02,
  lateMaxMs: 1_800_000,
  insertionDelayMs: 20_000,
  repeatShare: 0.01,
  revisionShare: 0.01,
  twinShare: 0.001,
  lagShare: 0,
  lagMaxMs: 0,
  strangeShare: 0,
}

/** What nobody outside Cisco knows, one way or the other (api facts, section 16). */
export interface Behaviour {
  /** Whether the second of endTime is part of the window. */
  readonly endInclusive: boolean
  readonly emptyAs: 'empty-list' | 'not-found' | 'no-content'
  readonly linkForm: 'normal' | 'misprinted' | 'upper-case' | 'mixed'
  readonly rateLimit: 'sliding' | 'fixed-minute' | 'token-bucket'
  /** Whether requests that were refused count as well. */
  readonly refusedCount: boolean
  readonly retryAfter: 'present' | 'missing' | 'small'
  readonly itemOrder: 'ascending' | 'shuffled'
  /** `startTimeForNextFetch`. */
  readonly resumeTime: 'milliseconds' | 'seconds' | 'absent'
  readonly totalCount: 'window' | 'absent' | 'remaining'
  /** The server's clock is ahead of the simulator's by so much. */
  readonly dateSkewMs: number
  /** Every request of the org is answered with this status. */
  readonly refuse: 'none' | 'token' | 'permission' | 'region'
}

export const usualBehaviour: Behaviour = {
  endInclusive: true,
  emptyAs: 'empty-list',
  linkForm: 'normal',
  rateLimit: 'sliding',
  refusedCount: true,
  retryAfter: 'present',
  itemOrder: 'ascending',
  resumeTime: 'milliseconds',
  totalCount: 'window',
  dateSkewMs: 0,
  refuse: 'none',
}
