import type { FailedAnswer, RefusedAnswer } from '@cdrstream/engine'
import type { NoReply } from '../reply.ts'
import type { Sign } from './reply-signs.ts'
import type { StreamHttpReply } from './stream-reply.ts'

/** One kind of answer: how it is known, what it means, what comes of it, what the operator is told. */
export interface AnswerRow {
  readonly when: When
  /** Stable, for machines. */
  readonly code: string
  readonly meaning: string
  readonly outcome: Outcome
  /**
   * What a person has to know or do, in words for an administrator. `{host}` and `{region}` are what a 451
   * named. Null: nothing is said, all is well.
   */
  readonly remedy: string | null
}

type When =
  /** Statuses, or spans of them with both ends. */
  | {
      readonly kind: 'answered'
      readonly statuses: readonly (number | readonly [number, number])[]
      /** Undefined: whatever else there is. */
      readonly sign?: Sign<StreamHttpReply<unknown>>
    }
  | { readonly kind: 'unanswered'; readonly sign?: Sign<NoReply> }

/** What the engine is told. */
type Outcome =
  /** `items`: those of the body, or none. */
  | { readonly kind: 'page'; readonly items: 'body' | 'none' }
  | { readonly kind: 'limited' }
  | { readonly kind: 'refused'; readonly reason: RefusedAnswer['reason'] }
  | { readonly kind: 'failed'; readonly reason: FailedAnswer['reason'] }
