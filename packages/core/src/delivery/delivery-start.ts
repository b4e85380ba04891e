import type { Position, SinkTraits } from '@cdrstream/plugin'
import type { Loss } from './find-loss.ts'

/** What an opened sink and the journal say about where delivery goes on. */
export interface StartFacts {
  readonly idempotence: SinkTraits['idempotence']
  /** For idempotence `position`: what `open` returned. */
  readonly stored: Position | null | undefined
  /** Whether the journal gave out the stored position, and still knows it. */
  readonly isStoredKnown: boolean
  /** Offsets after the stored position that are in quarantine for the sink. */
  readonly refused: readonly number[]
  /** Where delivery to this sink began, and how far the journal has recorded it. */
  readonly first: Position
  readonly acknowledged: Position
  /** Before the oldest record that the journal keeps. */
  readonly start: Position
  /** Records that the sink had and no longer holds; null: none, as far as is known. */
  readonly loss: Loss | null
}

/** Where delivery to a sink goes on, and why there. */
export interface DeliveryStart {
  readonly position: Position
  /**
   * - `resumed`: where the sink had got to
   * - `first`: the sink has nothing yet
   * - `foreign`: the sink's position belongs to another journal, or to a copy of this one: everything that is
   *   kept is sent again
   * - `emptied`: the sink lost what it had: everything is sent again since the loss, as far as it is kept
   */
  readonly reason: 'resumed' | 'first' | 'foreign' | 'emptied'
  /**
   * Records that the sink should have had and that the journal no longer keeps: after `from`, up to and
   * including `to`.
   */
  readonly gap: { readonly from: Position; readonly to: Position } | null
}

/** Decides where delivery goes on once a sink is open. */
export function deliveryStart(facts: StartFacts): DeliveryStart {
  const { idempotence, stored, isStoredKnown, first, acknowledged, loss } = facts
  if (loss !== null) return from(later(first, loss.after ?? first), 'emptied', facts)
  if (idempotence !== 'position') return from(acknowledged, 'resumed', facts)
  if (stored === null || stored === undefined) {
    return from(first, acknowledged.offset > first.offset ? 'emptied' : 'first', facts)
  }
  if (isStoredKnown) return from(afterRefused(stored, facts), 'resumed', facts)
  // Another journal wrote last, so nothing shows that the sink still has what this one delivered and no
  // longer keeps.
  if (stored.incarnation !== first.incarnation) return from(first, 'foreign', facts)
  // A copy of this journal wrote last. It began with the same records.
  return { position: later(first, facts.start), reason: 'foreign', gap: null }
}

/** A sink's own position does not pass the last records that it got if all of them are in quarantine. */
function afterRefused(stored: Position, { acknowledged, refused }: StartFacts): Position {
  const passed = refused.filter((offset) => offset <= acknowledged.offset).length
  return passed > 0 && passed === acknowledged.offset - stored.offset ? acknowledged : stored
}

function from(position: Position, reason: DeliveryStart['reason'], { start }: StartFacts): DeliveryStart {
  return position.offset >= start.offset
    ? { position, reason, gap: null }
    : { position: start, reason, gap: { from: position, to: start } }
}

function later(a: Position, b: Position): Position {
  return a.offset >= b.offset ? a : b
}
