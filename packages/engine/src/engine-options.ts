import type { Digest, FieldPolicy, Terms } from '@cdrstream/core'
import type { Boot } from '@cdrstream/core/budget'
import type { Words } from '@cdrstream/core/words'
import type { Logger, Sink, SinkTraits } from '@cdrstream/plugin'
import type { EngineActivity } from './ports/activity.ts'
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
  /** Makes text from sinks safe before it is stored or logged. Default: without known secrets. */
  readonly words?: Words
  /** Receives the state changes of each org and sink. Default: none. */
  readonly observer?: EngineObserver
  /** Receives reports on the loops' activity. Default: none. */
  readonly activity?: EngineActivity
  /** `once`: the engine collects up to the head at startup, delivers everything, then ends. */
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
  /** Identifies the org and its location filter in the journal: a changed filter starts a new coverage. */
  readonly scope: string
  /**
   * Identifies what the rate limit applies to: the same for orgs that share a token. Not the token itself.
   */
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
  /**
   * Which personal data the sink receives. Default: everything except secrets, such as an authorization code.
   */
  readonly fields?: FieldPolicy
}

/** The services that the engine needs from the platform. */
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
   * When the machine was started. Without it, a clock set forward between two starts of the collector goes
   * unnoticed.
   */
  readonly boot?: Boot
}
