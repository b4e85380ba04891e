import type { FaultShares } from './faults.ts'
import type { SignInBehaviour, SignInFaultShares, SimulatedSignIn } from './sign-in/sign-in-options.ts'
import type { SimulatorTerms } from './terms.ts'

export interface SimulatorOptions {
  readonly seed: number
  readonly clock: SimulatorClock
  readonly orgs: readonly (SimulatedOrg | SigningInOrg)[]
  /** Default: as documented. */
  readonly terms?: SimulatorTerms
  /** From when on there are records, in milliseconds; default: the time of creation. */
  readonly sinceMs?: number
  readonly mix?: Partial<RecordMix>
  readonly behaviour?: Partial<Behaviour>
  readonly faults?: FaultShares
  /** How the token address behaves. */
  readonly signIn?: Partial<SignInBehaviour>
  readonly signInFaults?: SignInFaultShares
  /** How much text of records is kept, to be served again without being made again. Default 200,000,000. */
  readonly textCacheBytes?: number
}

export interface SimulatorClock {
  /** Milliseconds since 1970, UTC. */
  nowMs(): number
}

export interface SimulatedOrg {
  readonly name: string
  /** The access token that reads this org, and no other. It never ends. */
  readonly token: string
  /** What the rate limit belongs to: several orgs may share one. Default: the token; of an org that signs in, the org. */
  readonly credential?: string
  /**
   * Records of calls that end in a minute, in the mean: a number, or what it is at a time (milliseconds since 1970). What the mix adds
   * (repeats, revisions, twins, strange items) comes on top.
   */
  readonly recordsPerMinute: number | ((atMs: number) => number)
  /** Default: one by the seed. */
  readonly orgUuid?: string
}

/** An org whose access tokens come from the token address: exactly those that are valid are taken. */
export interface SigningInOrg extends Omit<SimulatedOrg, 'token'> {
  readonly signIn: SimulatedSignIn
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

/**
 * Why every request of an org is refused. `permission`: 403 as usual, which leaves open what is missing; `scope`, `role` and `app` say it.
 * `not-found`: a 404 that does not mean "no records".
 */
export type RefusalReason =
  | 'none'
  | 'token'
  | 'permission'
  | 'scope'
  | 'role'
  | 'app'
  | 'region'
  | 'not-found'

/** What nobody outside Cisco knows, one way or the other (api facts, section 16). */
export interface Behaviour {
  /** Whether the second (or millisecond) of endTime is part of the window. */
  readonly endInclusive: boolean
  /** What the bounds of a window are rounded down to. */
  readonly bounds: 'seconds' | 'milliseconds'
  readonly emptyAs: 'empty-list' | 'not-found' | 'no-content'
  /** The share of pages that have no items, and a link to the page that they should have been. */
  readonly emptyPageShare: number
  readonly linkForm: 'normal' | 'misprinted' | 'upper-case' | 'mixed'
  /** Where links point to. Null: the address that was asked, or Cisco's where the request has no Host header. */
  readonly linkBase: string | null
  /** What a link gets whose window's start has aged past the retention. */
  readonly agedLink: 'refused' | 'answered'
  readonly rateLimit: 'sliding' | 'fixed-minute' | 'token-bucket'
  /** Whether requests that were refused count as well. */
  readonly refusedCount: boolean
  readonly retryAfter: 'present' | 'missing' | 'small'
  readonly itemOrder: 'ascending' | 'shuffled'
  /** Whether the next page begins with the second of its resume time, so that some of its records come again. */
  readonly boundaryRepeats: boolean
  /** `startTimeForNextFetch`. `window-end`: it is the end of the window, although there are more records. */
  readonly resumeTime: 'milliseconds' | 'seconds' | 'absent' | 'window-end'
  readonly totalCount: 'window' | 'absent' | 'remaining'
  /** The server's clock is ahead of the simulator's by so much. */
  readonly dateSkewMs: number
  /** Every request is answered with this. */
  readonly refuse: RefusalReason
  /** Where a 451 points to that is not `route`d. */
  readonly regionUrl: string
  /** How a 451 says it. `bare-host` works for Webex hosts alone, as it was seen. */
  readonly regionForm: 'message' | 'quoted' | 'description' | 'escaped' | 'bare-host' | 'without-host'
}

export const usualBehaviour: Behaviour = {
  endInclusive: true,
  bounds: 'seconds',
  emptyAs: 'empty-list',
  emptyPageShare: 0,
  linkForm: 'normal',
  linkBase: null,
  agedLink: 'refused',
  rateLimit: 'sliding',
  refusedCount: true,
  retryAfter: 'present',
  itemOrder: 'ascending',
  boundaryRepeats: true,
  resumeTime: 'milliseconds',
  totalCount: 'window',
  dateSkewMs: 0,
  refuse: 'none',
  regionUrl: 'https://analytics-calling-eu.webexapis.com',
  regionForm: 'message',
}
