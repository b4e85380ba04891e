import type { Boot, Digest, FieldPolicy, Terms, Words } from '@cdrstream/core'
import type { Logger, Sink, SinkTraits } from '@cdrstream/plugin'
import type { Clock } from './ports/clock.ts'
import type { Journal } from './ports/journal.ts'
import type { Source } from './ports/source.ts'

/** What an engine works with. */
export interface EngineOptions {
  readonly orgs: readonly OrgSetup[]
  readonly sinks: readonly SinkSetup[]
  readonly terms: Terms
  readonly platform: Platform
  readonly journal: Journal
  readonly log: Logger
  /** What texts of sinks go through before they are stored or logged. Default: one that knows no secrets. */
  readonly words?: Words
  /** `once`: up to the head as it was at the start, collected and delivered, then the engine ends. */
  readonly mode: 'continuous' | 'once'
  /**
   * With mode `once`: it ends unfinished when nothing has moved on for this long, in milliseconds. Waiting
   * for the rate limit does not count. Default: two minutes.
   */
  readonly timeoutMs?: number
}

/** An org to collect. */
export interface OrgSetup {
  readonly name: string
  /** Names the org and its location filter in the journal: a changed filter begins its own coverage. */
  readonly scope: string
  /** What the rate limit belongs to: the same for orgs that share a token. Not the token itself. */
  readonly credential: string
  readonly source: Source
  /** How far back the very first run reaches, in milliseconds. */
  readonly reachMs: number
}

/** A sink to deliver to. */
export interface SinkSetup {
  readonly name: string
  readonly sink: Sink
  readonly traits: SinkTraits
  /** Where a sink begins that was never seen before: a number is a time of acceptance, in milliseconds. */
  readonly from: 'earliest' | 'now' | number
  /** What of personal data it gets. Default: all but secrets, such as an authorization code. */
  readonly fields?: FieldPolicy
}

/** What the engine needs of the platform. */
export interface Platform {
  readonly clock: Clock
  readonly digest: Digest
  /** A fresh id, unique for ever. */
  readonly newId: () => string
  /**
   * A number from 0 to 1, drawn anew for each decision: it spreads retries. Default: retries are not spread.
   */
  readonly chance?: () => number
  /**
   * When the machine was started. Without it, a clock that was set forward between two starts of the
   * collector goes unnoticed.
   */
  readonly boot?: Boot
}
