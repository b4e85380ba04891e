import type { Coverage } from './coverage.ts'
import type { LearnedTerms } from './learned-terms.ts'
import type { Span } from './span.ts'
import type { Unserved } from './unserved.ts'

/** What the collection of one org must not forget. Plain data; the journal commits it with each page. */
export interface Progress {
  /** The first second that this collector is responsible for. */
  readonly originSec: number
  /**
   * Present while the origin comes from our clock alone: no answer has told the server's time yet. `reachMs`
   * is what was asked for.
   */
  readonly originPresumed?: { readonly reachMs: number }
  readonly coverage: Coverage
  /**
   * The audit has come to here: everything before was read again shortly before it expired, or could not be.
   */
  readonly auditedToSec: number
  /** When the head was last read with the deep look-back. */
  readonly deepAtSec: number
  /** Windows of doubtful seconds, each to be read once again. */
  readonly doubts: readonly Span[]
  /** Spans whose windows failed while the API answered others. Absent: none. */
  readonly unserved?: Unserved
  /** Absent: nothing. */
  readonly learned?: LearnedTerms
}
