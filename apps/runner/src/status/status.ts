/**
 * What `cdrstream status --json` prints. Users rely on this format (docs/commands.md, "status"). Keys can be
 * added, but their meaning never changes. Times are ISO 8601 in UTC. Unknown and missing values are null.
 */
export interface Status {
  readonly at: string
  /** The collector that holds the journal, or null if none is running. */
  readonly collector: { readonly pid: number; readonly host: string; readonly since: string } | null
  /** When a collector last reported the states below; null if none ever has. */
  readonly reportedAt: string | null
  readonly orgs: readonly OrgStatus[]
  readonly sinks: readonly SinkStatus[]
  readonly journal: JournalStatus
}

/** The state of an org or a sink, as the running collector reported it at `reportedAt`. */
export interface StateStatus {
  /**
   * - `ok`: everything available has been read or delivered
   * - `catching-up`: works normally, but older records are still being read or delivered
   * - `retrying`: the last attempt failed; the collector retries with increasing delays
   * - `paused`: user action is required; the collector retries periodically unless an operator paused the
   *   sink
   * - `waiting`: cannot proceed until a certain time or event, or the state is unknown
   */
  readonly state: 'ok' | 'catching-up' | 'retrying' | 'paused' | 'waiting'
  /** When `state` or `code` last changed. */
  readonly since: string | null
  /** A stable code, the same as in the log. Null if `state` is `ok` or `catching-up`. */
  readonly code: string | null
  readonly cause: string | null
  /** What the user has to do. */
  readonly remedy: string | null
  /** In the past if the attempt has begun. */
  readonly nextTryAt: string | null
  /** With the codes `no-collector` and `no-report`: the state that was last reported. */
  readonly last: Omit<StateStatus, 'last'> | null
}

/** How much an org or a sink has left to catch up. */
export interface CatchUpStatus {
  /** Seconds of insertion time for an org, records for a sink. */
  readonly left: number
  /** The decrease of `left` per second over the last minutes; null if not measured yet. */
  readonly perSecond: number | null
  /** Null if unknown, or if `left` is not decreasing. */
  readonly etaSeconds: number | null
}

export interface OrgStatus {
  readonly name: string
  readonly state: StateStatus
  /** Null unless it is catching up. */
  readonly catchUp: CatchUpStatus | null
  /** Null if nothing has been collected yet. */
  readonly coverage: CoverageStatus | null
  /** Items that could not be read as records. */
  readonly quarantined: number
  readonly budget: BudgetStatus
  readonly signIn: SignInStatus
}

/** As stored when the tokens were last renewed. */
export interface SignInStatus {
  readonly state: SignInState
  readonly accessTokenEndsAt: string | null
  readonly refreshTokenEndsAt: string | null
  /** Whole days. */
  readonly refreshTokenEndsInDays: number | null
  readonly renewedAt: string | null
}

/**
 * - `fixed`: the org has a configured access token, whose expiry is unknown
 * - `signed-in`: the tokens have not expired
 * - `not-used`: the configured refresh token has not been used yet
 * - `signed-out`: there is no refresh token; `cdrstream login` gets one
 * - `renewal-due`: the access token has expired, and if a collector is running, its log shows why it cannot
 *   renew the token
 * - `ended`: the refresh token has expired
 * - `unreadable`: the stored sign-in cannot be read or parsed
 */
export type SignInState =
  | 'fixed'
  | 'signed-in'
  | 'not-used'
  | 'signed-out'
  | 'renewal-due'
  | 'ended'
  | 'unreadable'

/** All times are insertion times at Webex. */
export interface CoverageStatus {
  /** The first second to collect. */
  readonly origin: string
  /** Everything before this time was read or is a gap. */
  readonly completeThrough: string
  /** The end of the newest span that was read. */
  readonly newestRead: string
  readonly newestReadAgeSeconds: number
  /** Spans that can be read but have not been. */
  readonly unreadSeconds: number
  /** When the oldest unread second can no longer be read. */
  readonly oldestUnreadExpiresInSeconds: number | null
  /** Spans that the stream can no longer return. */
  readonly gapSeconds: number
  readonly gaps: readonly { readonly from: string; readonly to: string }[]
  /** Spans read from a response that was incomplete by its own count. */
  readonly doubtfulSeconds: number
  /** What was read, and will be read again shortly before it expires. */
  readonly readSeconds: number
  /** What was read again shortly before it expired. */
  readonly finalSeconds: number
  /** Everything before this time was read again shortly before it expired. */
  readonly auditedThrough: string
}

export interface BudgetStatus {
  /** The org that the budget is named after, which is the same for all orgs that share a token. */
  readonly credential: string
  readonly initialRequestsLeft: number
  readonly pageRequestsLeft: number
  /** The API has forbidden any request before this time. */
  readonly pushedBackUntil: string | null
  /** Consecutive 429 responses. Three or more mean that another program also uses the credential. */
  readonly pushedBackInARow: number
  /** Since when another program seems to use the credential, or null if none does. */
  readonly sharedSince: string | null
}

export interface SinkStatus {
  readonly name: string
  readonly state: StateStatus
  /** Null unless it is catching up. */
  readonly catchUp: CatchUpStatus | null
  /** The number of the last record that the sink has, or null if it was never opened. */
  readonly position: number | null
  readonly lagRecords: number
  /** How long the oldest record missing from the sink has been in the journal. */
  readonly lagSeconds: number
  /** Records that left the journal before they reached the sink. */
  readonly lostRecords: number
  /** When the latest of these losses was recorded. */
  readonly lostAt: string | null
  /** Records that the sink refused. */
  readonly quarantined: number
}

interface JournalStatus {
  readonly path: string
  /** The number of the last record. */
  readonly end: number
  /** Records and revisions in the journal. */
  readonly records: number
  readonly quarantined: number
  readonly bytes: number
  /** The free bytes on its disk above `minFreeDisk`. At 0 or less, collection is paused. */
  readonly roomBytes: number
}
