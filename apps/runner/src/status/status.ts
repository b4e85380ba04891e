/**
 * What `cdrstream status --json` prints: a part of what users rely on (docs/commands.md, "status"). Keys are
 * added and never change their meaning. Times are ISO 8601 in UTC; what is not known, or is not there, is
 * null.
 */
export interface Status {
  readonly at: string
  /** The collector that has the journal; null: none runs. */
  readonly collector: { readonly pid: number; readonly host: string; readonly since: string } | null
  readonly orgs: readonly OrgStatus[]
  readonly sinks: readonly SinkStatus[]
  readonly journal: JournalStatus
}

export interface OrgStatus {
  readonly name: string
  /** Null: nothing was collected yet. */
  readonly coverage: CoverageStatus | null
  /** Items that could not be records. */
  readonly quarantined: number
  readonly budget: BudgetStatus
  readonly signIn: SignInStatus
}

/** As it was stored when the tokens were last renewed. */
export interface SignInStatus {
  readonly state: SignInState
  readonly accessTokenEndsAt: string | null
  readonly refreshTokenEndsAt: string | null
  /** Whole days. */
  readonly refreshTokenEndsInDays: number | null
  readonly renewedAt: string | null
}

/**
 * - `fixed`: with a configured access token, of which nothing is known
 * - `signed-in`: the tokens are good, as far as can be told from their ends
 * - `not-used`: the configured refresh token was not used yet
 * - `signed-out`: there is no refresh token: `cdrstream login` gets one
 * - `renewal-due`: the access token has ended; a collector that runs cannot renew it, and says why in its log
 * - `ended`: the refresh token has ended
 * - `unreadable`: what is stored cannot be read, or not be understood
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
  /** The first second that is collected. */
  readonly origin: string
  /** Everything before was read, or is a gap. */
  readonly completeThrough: string
  /** The end of the newest span that was read. */
  readonly newestRead: string
  readonly newestReadAgeSeconds: number
  /** What could be read and was not yet. */
  readonly unreadSeconds: number
  /** When the oldest of that can no longer be read. */
  readonly oldestUnreadExpiresInSeconds: number | null
  /** What the stream can no longer give. */
  readonly gapSeconds: number
  readonly gaps: readonly { readonly from: string; readonly to: string }[]
  /** Read, but the answer was not complete by its own count. */
  readonly doubtfulSeconds: number
  /** Everything before was read again shortly before it expired. */
  readonly auditedThrough: string
}

export interface BudgetStatus {
  /** The org that the budget is named for: the same for all that share a token. */
  readonly credential: string
  readonly initialRequestsLeft: number
  readonly pageRequestsLeft: number
  /** The API has forbidden any request before this time. */
  readonly pushedBackUntil: string | null
  /** Answers 429 in a row. From three on, someone else uses the credential too. */
  readonly pushedBackInARow: number
  /** Since when someone else seems to use the credential too. Null: nobody does. */
  readonly sharedSince: string | null
}

export interface SinkStatus {
  readonly name: string
  /** The number of the last record that it has; null: it was never opened. */
  readonly position: number | null
  readonly lagRecords: number
  /** How long the oldest record that it does not have is in the journal. */
  readonly lagSeconds: number
  /** Records that went from the journal before it had them. */
  readonly lostRecords: number
  /** Records that it refused. */
  readonly quarantined: number
}

interface JournalStatus {
  readonly path: string
  /** The number of the last record. */
  readonly end: number
  /** Records and revisions that are kept. */
  readonly records: number
  readonly quarantined: number
  readonly bytes: number
}
