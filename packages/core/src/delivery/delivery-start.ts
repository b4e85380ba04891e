import type { Position, SinkTraits } from '@cdrstream/plugin'
import type { Loss } from './find-loss.ts'

/** The facts from an opened sink and the journal that determine where delivery resumes. */
export interface StartFacts {
  readonly idempotence: SinkTraits['idempotence']
  /** With idempotence `position`: the position that `open` returned. */
  readonly stored: Position | null | undefined
  /** Whether this journal issued the stored position and still recognizes it. */
  readonly isStoredKnown: boolean
  /** Offsets after the stored position that are in quarantine for the sink. */
  readonly refused: readonly number[]
  /** Where delivery to this sink began, and the last position that the journal recorded for the sink. */
  readonly first: Position
  readonly acknowledged: Position
  /** The position before the oldest record that the journal keeps. */
  readonly start: Position
  /** During a replay that an operator requested, the offset up to which everything is delivered again. */
  readonly replayTo?: number | null | undefined
  /** Records that the sink had and lost; null if none are known. */
  readonly loss: Loss | null
}

/** Where delivery to a sink resumes, and why. */
export interface DeliveryStart {
  readonly position: Position
  /**
   * - `resumed`: at the position the sink had reached
   * - `first`: the sink has no records yet
   * - `foreign`: the sink's position belongs to another journal, or to a copy of this one: all records still
   *   kept are sent again
   * - `replayed`: at the position that a replay has reached, regardless of what the sink reports
   * - `emptied`: the sink lost its data: all records since the loss that are still kept are sent again
   */
  readonly reason: 'resumed' | 'first' | 'foreign' | 'emptied' | 'replayed'
  /**
   * Records that the sink should have but the journal no longer keeps: after `from`, up to and including
   * `to`.
   */
  readonly gap: { readonly from: Position; readonly to: Position } | null
}

/** Returns where delivery resumes once a sink is open. */
export function deliveryStart(facts: StartFacts): DeliveryStart {
  const { idempotence, stored, isStoredKnown, first, acknowledged, loss, replayTo } = facts
  const isReplaying = acknowledged.offset < (replayTo ?? 0)
  if (loss !== null && isReplaying)
    return from(earlier(acknowledged, later(first, loss.after ?? first)), 'emptied', facts)
  if (loss !== null) return from(later(first, loss.after ?? first), 'emptied', facts)
  const isOwn = idempotence !== 'position' || (isStoredKnown && stored !== null && stored !== undefined)
  // The sink already received these records, so those that the journal no longer keeps are not a gap.
  if (isReplaying && isOwn)
    return { position: later(acknowledged, facts.start), reason: 'replayed', gap: null }
  if (idempotence !== 'position') return from(acknowledged, 'resumed', facts)
  if (stored === null || stored === undefined) {
    return from(first, acknowledged.offset > first.offset ? 'emptied' : 'first', facts)
  }
  if (isStoredKnown) return from(afterRefused(stored, facts), 'resumed', facts)
  // Another journal wrote last, so nothing shows that the sink still has records that this journal delivered
  // and no longer keeps.
  if (stored.incarnation !== first.incarnation) return from(first, 'foreign', facts)
  // A copy of this journal wrote last. Both began with the same records.
  return { position: later(first, facts.start), reason: 'foreign', gap: null }
}

/**
 * Returns the stored position, or the acknowledged one if everything between the two is in quarantine: a
 * sink's own position does not move past such records.
 */
function afterRefused(stored: Position, { acknowledged, refused }: StartFacts): Position {
  const passed = refused.filter((offset) => offset <= acknowledged.offset).length
  return passed > 0 && passed === acknowledged.offset - stored.offset ? acknowledged : stored
}

function from(position: Position, reason: DeliveryStart['reason'], { start }: StartFacts): DeliveryStart {
  return position.offset >= start.offset
    ? { position, reason, gap: null }
    : { position: start, reason, gap: { from: position, to: start } }
}

function earlier(a: Position, b: Position): Position {
  return a.offset <= b.offset ? a : b
}

function later(a: Position, b: Position): Position {
  return a.offset >= b.offset ? a : b
}
