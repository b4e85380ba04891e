import type { Status } from '../status/status.ts'
import type { EventFeed } from './event-feed.ts'
import type { Health } from './health.ts'
import type { Readiness } from './readiness.ts'

/** Where the answers come from. */
export interface HttpSources {
  health(): Health
  readiness(): Readiness
  /** Rejects if the journal cannot be read. */
  status(): Promise<Status>
  /** Returns the metrics in the text format of Prometheus; undefined if another SDK exports them. */
  readonly metrics: (() => Promise<string>) | undefined
  readonly events: EventFeed
}
