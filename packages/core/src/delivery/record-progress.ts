import type { Position } from '@cdrstream/plugin'
import type { DeliverableRecord, DeliveryRun, DeliveryState, RefusedRecord } from './delivery-state.ts'

interface Recorded<Stored extends DeliverableRecord> {
  readonly through?: Position
  readonly refused?: readonly RefusedRecord<Stored>[]
  readonly released?: readonly number[]
}

/** Returns the state with these changes added to what the journal has to record. */
export function acknowledge<Stored extends DeliverableRecord>(
  state: DeliveryState<Stored>,
  { through = state.through, refused = [], released = [] }: Recorded<Stored>,
): DeliveryState<Stored> {
  if (through.offset === state.through.offset && refused.length === 0 && released.length === 0) return state
  const before = state.unrecorded
  return {
    ...state,
    through,
    unrecorded: {
      through,
      refused: [...(before?.refused ?? []), ...refused],
      released: [...(before?.released ?? []), ...released],
    },
    refused: without(state.refused, through.offset),
    ends: state.ends.filter(({ offset }) => offset > through.offset),
  }
}

/** Throws a `RangeError` if this position cannot come from one of this journal's batches. */
export function assertOfThisJournal({ incarnation, offset }: Position, known: Position): void {
  if (incarnation === known.incarnation && Number.isInteger(offset)) return
  throw new RangeError('the sink returned a position that does not belong to this journal')
}

/**
 * Returns how far `through` advances if the sink reports everything up to `durable` as durable: never back,
 * and never past what was written. The result is always the end of a batch that the engine formed, because
 * the journal refuses a position that it did not issue.
 */
export function advance<Stored extends DeliverableRecord>(
  state: DeliveryState<Stored>,
  durable: Position,
): Recorded<Stored> {
  // Everything after the last record that was sent is in quarantine, but suspects may be released from it.
  if (durable.offset >= state.sinkAt.offset && state.suspects.length === 0) return { through: state.readTo }
  const reached = state.ends.findLast(({ offset }) => offset <= durable.offset)
  return { through: reached !== undefined && reached.offset > state.through.offset ? reached : state.through }
}

/** Returns the state once every record of the run is in the sink or in quarantine. */
export function completeRun<Stored extends DeliverableRecord>(
  state: DeliveryState<Stored>,
  run: DeliveryRun<Stored>,
  nowMs: number,
): DeliveryState<Stored> {
  const isDurable = state.through.offset >= state.readTo.offset && state.suspects.length === 0
  const wasWritten = run.records.some(({ position }) => !state.refused.has(position.offset))
  const sinkAt = wasWritten ? run.to : state.sinkAt
  const done: DeliveryState<Stored> = {
    ...state,
    sinkAt,
    ends: wasWritten ? [...state.ends, run.to] : state.ends,
    readTo: run.to,
    run: null,
    acceptedAhead: new Set(),
    partialSinceMs: null,
    // While suspects exist, it is unknown whether the sink works.
    trouble: state.suspects.length > 0 ? state.trouble : null,
  }
  if (!wasWritten) return isDurable ? acknowledge(done, { through: run.to }) : done
  const advanced = acknowledge(done, advance(done, run.through))
  const isCovered = advanced.through.offset >= advanced.readTo.offset
  return { ...advanced, unflushedSinceMs: isCovered ? null : (advanced.unflushedSinceMs ?? nowMs) }
}

/**
 * Returns the state after the suspects turned out not to be at fault: they leave quarantine and are resent.
 */
export function releaseSuspects<Stored extends DeliverableRecord>(
  state: DeliveryState<Stored>,
): DeliveryState<Stored> {
  const offsets = state.suspects.map(({ record }) => record.position.offset)
  const refused = new Set(state.refused)
  for (const offset of offsets) refused.delete(offset)
  return acknowledge(
    { ...state, suspects: [], refused, readTo: state.sinkAt, run: null, exceptions: 0, thrownAlone: 0 },
    { released: offsets },
  )
}

function without(offsets: ReadonlySet<number>, through: number): ReadonlySet<number> {
  return offsets.size === 0 ? offsets : new Set([...offsets].filter((offset) => offset > through))
}
