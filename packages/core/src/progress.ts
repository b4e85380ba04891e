import type { Coverage } from './coverage.ts'
import type { LearnedTerms } from './learned-terms.ts'
import type { Span } from './span.ts'
import type { Unserved } from './unserved.ts'

/** The durable state of one org's collection. Plain data; the journal commits it with each page. */
export interface Progress {
  /** The first second that this collector is responsible for. */
  readonly originSec: number
  /**
   * Present while the origin is based on our clock alone, because no response has shown the server's time
   * yet. `reachMs` is the requested reach.
   */
  readonly originPresumed?: { readonly reachMs: number }
  readonly coverage: Coverage
  /**
   * Everything before this second was audited: read again shortly before it expired, or could not be read
   * again.
   */
  readonly auditedToSec: number
  /** When the head was last read with the deep look-back. */
  readonly deepAtSec: number
  /** Windows of doubtful seconds, each to be read once more. */
  readonly doubts: readonly Span[]
  /** Spans whose windows failed while the API answered other requests. Missing if there are none. */
  readonly unserved?: Unserved
  /** Missing if nothing was learned. */
  readonly learned?: LearnedTerms
}
