import type { FaultShares } from './faults.ts'
import type { SignInBehaviour, SignInFaultShares, SimulatedSignIn } from './sign-in/sign-in-options.ts'
import type { SimulatorTerms } from './terms.ts'

/** Options of `createSimulator`. */
export interface SimulatorOptions {
  readonly seed: number
  readonly clock: SimulatorClock
  readonly orgs: readonly (SimulatedOrg | SigningInOrg)[]
  /** Default: `documentedTerms`. */
  readonly terms?: SimulatorTerms
  /** When the first calls end, in milliseconds since 1970, UTC. Default: the time of creation. */
  readonly sinceMs?: number
  /** Default: `usualMix`. */
  readonly mix?: Partial<RecordMix>
  /** Default: `usualBehaviour`. */
  readonly behaviour?: Partial<Behaviour>
  /** Random faults in requests for records. Default: none. */
  readonly faults?: FaultShares
  /** How the token endpoint behaves. Default: `usualSignIn`. */
  readonly signIn?: Partial<SignInBehaviour>
  /** Random faults of token requests. Default: none. */
  readonly signInFaults?: SignInFaultShares
  /**
   * How much record text to cache, in bytes. Other text is generated again when needed. Default: 200,000,000.
   */
  readonly textCacheBytes?: number
}

/** The simulator's clock. */
export interface SimulatorClock {
  /** Returns the time in milliseconds since 1970, UTC. */
  nowMs(): number
}

/** An org with a fixed access token. */
export interface SimulatedOrg {
  readonly name: string
  /** The access token of this org. It never expires. */
  readonly token: string
  /**
   * The credential that the rate limit applies to. Several orgs may share one. Default: the token, or the
   * org's name if it signs in.
   */
  readonly credential?: string
  /**
   * The average number of records per minute: a number, or a function of the time in milliseconds since 1970,
   * UTC. The mix's repeats, revisions, twins and strange items are added to this number.
   */
  readonly recordsPerMinute: number | ((atMs: number) => number)
  /** Default: derived from the seed. */
  readonly orgUuid?: string
}

/** An org that gets its access tokens from the token endpoint. */
export interface SigningInOrg extends Omit<SimulatedOrg, 'token'> {
  readonly signIn: SimulatedSignIn
}

/** The mix of records. Values are fractions of all records, from 0 to 1. */
export interface RecordMix {
  /**
   * The fraction inserted up to `lateMaxMs` after their release. All others are inserted within
   * `insertionDelayMs`.
   */
  readonly lateShare: number
  readonly lateMaxMs: number
  readonly insertionDelayMs: number
  /** The fraction inserted again, unchanged, within `lateMaxMs`. */
  readonly repeatShare: number
  /**
   * The fraction inserted again, changed, within `lateMaxMs`. Half of these revisions have a later Report
   * time.
   */
  readonly revisionShare: number
  /** The fraction inserted twice at the same time, unchanged. */
  readonly twinShare: number
  /** The fraction that becomes visible only up to `lagMaxMs` after insertion. */
  readonly lagShare: number
  readonly lagMaxMs: number
  /** The fraction of additional items that are not records, or are records with unusual content. */
  readonly strangeShare: number
}

/** The default mix of records, with a few late records, repeats and revisions. */
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
 * Why all of an org's requests are refused. `permission` is the usual 403, which does not name what is
 * missing. `scope`, `role` and `app` are a 403 that does. `not-found` is a 404 that does not mean "no
 * records".
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

/** Open questions about the API, each with a choice of answers (docs/api/webex-cdr-api.md, section 16). */
export interface Behaviour {
  /** Whether the second (or millisecond) of `endTime` is part of the window. */
  readonly endInclusive: boolean
  /** What the bounds of a window are rounded down to. */
  readonly bounds: 'seconds' | 'milliseconds'
  /** How a window without records is answered. */
  readonly emptyAs: 'empty-list' | 'not-found' | 'no-content'
  /** The fraction of pages that are returned empty, with a link to the page that they should have been. */
  readonly emptyPageShare: number
  readonly linkForm: 'normal' | 'misprinted' | 'upper-case' | 'mixed'
  /** The base URL of links. Null: the request's, or Cisco's if the request has no Host header. */
  readonly linkBase: string | null
  /** How a link is answered if its window has partly expired. */
  readonly agedLink: 'refused' | 'answered'
  readonly rateLimit: 'sliding' | 'fixed-minute' | 'token-bucket'
  /** Whether refused requests count towards the rate limit. */
  readonly refusedCount: boolean
  readonly retryAfter: 'present' | 'missing' | 'small'
  readonly itemOrder: 'ascending' | 'shuffled'
  /**
   * Whether a page begins with the whole second of its resume time, and so repeats records of the previous
   * page.
   */
  readonly boundaryRepeats: boolean
  /**
   * The form of `startTimeForNextFetch`. `window-end`: the end of the window, although there are more
   * records.
   */
  readonly resumeTime: 'milliseconds' | 'seconds' | 'absent' | 'window-end'
  readonly totalCount: 'window' | 'absent' | 'remaining'
  /** How far the server's clock is ahead of the simulator's, in milliseconds. */
  readonly dateSkewMs: number
  /** Why every request is refused from the start. */
  readonly refuse: RefusalReason
  /** The URL that a 451 points to, except for orgs with a `route`. */
  readonly regionUrl: string
  /** How a 451 names the region. `bare-host` was observed only for Webex hosts. */
  readonly regionForm: 'message' | 'quoted' | 'description' | 'escaped' | 'bare-host' | 'without-host'
}

/** The default behaviour: the most likely answer to each open question. */
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
