import type { Position } from '@cdrstream/plugin'
import type { DeliverableRecord, DeliveryRun, DeliveryState, RefusedRecord } from './delivery-state.ts'

interface Recorded<Item extends DeliverableRecord> {
  readonly through?: Position
  readonly refused?: readonly RefusedRecord<Item>[]
  readonly released?: readonly number[]
}

/** Adds to what the journal has to record. */
export function acknowledge<Item extends DeliverableRecord>(
  state: DeliveryState<Item>,
  { through = state.through, refused = [], released = [] }: Recorded<Item>,
): DeliveryState<Item> {
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

/** Throws a `RangeError` for what a sink cannot have got from a batch of this journal. */
export function assertOfThisJournal({ incarnation, offset }: Position, known: Position): void {
  if (incarnation === known.incarnation && Number.isInteger(offset)) return
  throw new RangeError('the sink answers with a position that is not of this journal')
}

/**
 * How far `through` gets when the sink calls everything up to `durable` durable: never back, and never past
 * what was written. It is always the end of a batch as the engine knows it, since the journal refuses a
 * position that it did not give out.
 */
export function advance<Item extends DeliverableRecord>(
  state: DeliveryState<Item>,
  durable: Position,
): Recorded<Item> {
  // After the last record that the sink was given there is only quarantine; but suspects may come back out of
  // it.
  if (durable.offset >= state.sinkAt.offset && state.suspects.length === 0) return { through: state.readTo }
  const reached = state.ends.findLast(({ offset }) => offset <= durable.offset)
  return { through: reached !== undefined && reached.offset > state.through.offset ? reached : state.through }
}

/** Every record of the run is in the sink, or in quarantine. */
export function completeRun<Item extends DeliverableRecord>(
  state: DeliveryState<Item>,
  run: DeliveryRun<Item>,
  nowMs: number,
): DeliveryState<Item> {
  const isDurable = state.through.offset >= state.readTo.offset && state.suspects.length === 0
  const wasWritten = run.records.some(({ position }) => !state.refused.has(position.offset))
  const sinkAt = wasWritten ? run.to : state.sinkAt
  const done: DeliveryState<Item> = {
    ...state,
    sinkAt,
    ends: wasWritten ? [...state.ends, run.to] : state.ends,
    readTo: run.to,
    run: null,
    acceptedAhead: new Set(),
    partialSinceMs: null,
    // With suspects it is not known yet whether the sink works.
    trouble: state.suspects.length > 0 ? state.trouble : null,
  }
  if (!wasWritten) return isDurable ? acknowledge(done, { through: run.to }) : done
  const advanced = acknowledge(done, advance(done, run.through))
  const isCovered = advanced.through.offset >= advanced.readTo.offset
  return { ...advanced, unflushedSinceMs: isCovered ? null : (advanced.unflushedSinceMs ?? nowMs) }
}

/** The suspects were not at fault: they come out of quarantine, and are sent again. */
export function releaseSuspects<Item extends DeliverableRecord>(
  state: DeliveryState<Item>,
): DeliveryState<Item> {
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
