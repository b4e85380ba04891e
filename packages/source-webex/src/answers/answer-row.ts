import type { FailedAnswer, RefusedAnswer } from '@cdrstream/engine'
import type { NoReply } from '../reply.ts'
import type { Sign } from './reply-signs.ts'
import type { StreamHttpReply } from './stream-reply.ts'

/**
 * A kind of answer: how it is recognized, what it means, what the engine does, and what the operator reads.
 */
export interface AnswerRow {
  readonly when: When
  /** Stable, for machines. */
  readonly code: string
  readonly meaning: string
  readonly outcome: Outcome
  /**
   * What an administrator has to know or do. `{host}` and `{region}` are the ones that a 451 named. Null if
   * nothing is wrong.
   */
  readonly remedy: string | null
}

type When =
  /** Statuses, or inclusive ranges of them. */
  | {
      readonly kind: 'answered'
      readonly statuses: readonly (number | readonly [number, number])[]
      /** Undefined matches anything else with this status. */
      readonly sign?: Sign<StreamHttpReply<unknown>>
    }
  | { readonly kind: 'unanswered'; readonly sign?: Sign<NoReply> }

/** The outcome that the engine receives. */
type Outcome =
  /** `items`: the items in the body, or none. */
  | { readonly kind: 'page'; readonly items: 'body' | 'none' }
  | { readonly kind: 'limited' }
  | { readonly kind: 'refused'; readonly reason: RefusedAnswer['reason'] }
  | { readonly kind: 'failed'; readonly reason: FailedAnswer['reason'] }
