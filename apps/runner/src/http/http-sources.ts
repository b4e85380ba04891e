import type { Status } from '../status/status.ts'
import type { EventFeed } from './event-feed.ts'
import type { Health } from './health.ts'
import type { Readiness } from './readiness.ts'

/** The data sources of the HTTP responses. */
export interface HttpSources {
  health(): Health
  readiness(): Readiness
  /** Rejects if the journal cannot be read. */
  status(): Promise<Status>
  /** Returns the metrics in the Prometheus text format. Undefined if a different SDK exports them. */
  readonly metrics: (() => Promise<string>) | undefined
  readonly events: EventFeed
}
