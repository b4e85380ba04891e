/**
 * What `cdrstream status --json` prints. Users rely on this format (docs/commands.md, "status"). Keys can be
 * added, but their meaning never changes. Times are ISO 8601 in UTC. Unknown and missing values are null.
 */
export interface Status {
  readonly at: string
  /** The collector that holds the journal, or null if none is running. */
  readonly collector: { readonly pid: number; readonly host: string; readonly since: string } | null
  /** When a collector last reported the states below; null if none ever did. */
  readonly reportedAt: string | null
  readonly orgs: readonly OrgStatus[]
  readonly sinks: readonly SinkStatus[]
  readonly journal: JournalStatus
}

/** What an org or a sink is doing, as the running collector reported it at `reportedAt`. */
export interface StateStatus {
  /**
   * - `ok`: everything available was read or delivered
   * - `catching-up`: it works, and older records are still being read or delivered
   * - `retrying`: the last attempt failed; it is repeated at growing intervals
   * - `paused`: a person has to act; it is retried every few minutes
   * - `waiting`: nothing can be done before some time or event, or nothing is known
   */
  readonly state: 'ok' | 'catching-up' | 'retrying' | 'paused' | 'waiting'
  /** Since when both `state` and `code` have been the same. */
  readonly since: string | null
  /** Stable; the same as in the log. Null with `ok` and `catching-up`. */
  readonly code: string | null
  readonly cause: string | null
  /** What a person has to do. */
  readonly remedy: string | null
  /** In the past if that attempt has begun. */
  readonly nextTryAt: string | null
  /** With the codes `no-collector` and `no-report`: the state that was last reported. */
  readonly last: Omit<StateStatus, 'last'> | null
}

/** How far an org or a sink is from having caught up. */
export interface CatchUpStatus {
  /** Seconds of insertion time for an org, records for a sink. */
  readonly left: number
  /** By how much `left` decreased per second in the last minutes; null if not measured yet. */
  readonly perSecond: number | null
  /** Null if it is unknown, or if the amount that is left does not decrease. */
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
  /** The bytes on its disk above `minFreeDisk`. At 0 or less, collecting pauses. */
  readonly roomBytes: number
}
