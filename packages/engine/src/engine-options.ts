import type { Digest, FieldPolicy, Terms } from '@cdrstream/core'
import type { Boot } from '@cdrstream/core/budget'
import type { Words } from '@cdrstream/core/words'
import type { Logger, Sink, SinkTraits } from '@cdrstream/plugin'
import type { Clock } from './ports/clock.ts'
import type { Journal } from './ports/journal.ts'
import type { EngineObserver } from './ports/observer.ts'
import type { Source } from './ports/source.ts'

/** The options of an engine. */
export interface EngineOptions {
  readonly orgs: readonly OrgSetup[]
  readonly sinks: readonly SinkSetup[]
  readonly terms: Terms
  readonly platform: Platform
  readonly journal: Journal
  readonly log: Logger
  /** Makes texts of sinks safe before they are stored or logged. Default: without known secrets. */
  readonly words?: Words
  /** Learns about changes of the state of each org and sink. Default: no one does. */
  readonly observer?: EngineObserver
  /** `once`: collects up to the head at startup and delivers it, then the engine ends. */
  readonly mode: 'continuous' | 'once'
  /**
   * With mode `once`: the engine gives up after this time without progress, in milliseconds. Waiting for the
   * rate limit does not count. Default: two minutes.
   */
  readonly timeoutMs?: number
}

/** An org to collect. */
export interface OrgSetup {
  readonly name: string
  /** Identifies the org and its location filter in the journal: a changed filter starts its own coverage. */
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
  /** Where delivery to a new sink starts. A number is a time of acceptance, in milliseconds. */
  readonly from: 'earliest' | 'now' | number
  /** Which personal data the sink gets. Default: everything except secrets, such as an authorization code. */
  readonly fields?: FieldPolicy
}

/** What the engine needs from the platform. */
export interface Platform {
  readonly clock: Clock
  readonly digest: Digest
  /** Returns a new globally unique id. */
  readonly newId: () => string
  /**
   * Returns a random number from 0 to 1 for each decision, which spreads retries. Default: retries are not
   * spread.
   */
  readonly chance?: () => number
  /**
   * When the machine was started. Without it, a clock that was set forward between two starts of the
   * collector goes unnoticed.
   */
  readonly boot?: Boot
}
