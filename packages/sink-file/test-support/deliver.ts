import type { Call, Position, Sink, SinkContext } from '@cdrstream/plugin'
import type { FileSinkOptions } from '../src/file-sink-options.ts'
import type { JournalModel } from './journal-model.ts'

export const call: Call = { signal: new AbortController().signal }

const silent = () => {}
export const context: SinkContext = {
  name: 'files',
  baseDirectory: '/base',
  log: { debug: silent, info: silent, warn: silent, error: silent },
}

export const testOptions: FileSinkOptions = {
  directory: 'records',
  format: 'ndjson',
  compress: 'none',
  rotateBytes: 1_000_000,
  publishAfterMs: 60_000,
}

export interface DeliveryPlan {
  /** The records of the next batch. */
  readonly batchRecords: () => number
  /** Whether a flush is due after this batch. */
  readonly flushes: () => boolean
  /** The process has ended. */
  readonly crashed: () => boolean
}

const mostSessions = 20

/**
 * The engine in miniature: opens the sink and writes what follows its position; opens it again after trouble. Takes and returns the highest
 * offset that the sink has promised to be durable, and throws if the sink breaks its promise.
 */
export async function deliver(
  sink: Sink,
  journal: JournalModel,
  plan: DeliveryPlan,
  promisedBefore = 0,
): Promise<number> {
  let promised = promisedBefore
  const keep = (through: Position) => {
    promised = Math.max(promised, through.offset)
  }
  for (let sessions = 0; sessions < mostSessions && !plan.crashed(); sessions += 1) {
    const opened = await sink.open?.(call)
    if (opened?.kind !== 'opened') continue
    let from = opened.position ?? journal.position(0)
    if (from.offset < promised) throw new Error(`the sink is at ${from.offset} and has promised ${promised}`)
    let trouble = false
    while (!trouble && from.offset < journal.records.length) {
      const batch = journal.batch(from, plan.batchRecords())
      const written = await sink.write(batch, call)
      if (written.kind === 'accepted') keep(written.through ?? batch.to)
      trouble = written.kind !== 'accepted'
      from = batch.to
      if (!trouble && plan.flushes()) trouble = (await flush(sink, from, keep)) !== 'accepted'
    }
    if (!trouble) trouble = (await flush(sink, from, keep)) !== 'accepted'
    if (!trouble) return promised
  }
  if (!plan.crashed()) throw new Error('the sink does not get on')
  return promised
}

async function flush(sink: Sink, written: Position, keep: (through: Position) => void) {
  const outcome = await sink.flush?.(call)
  if (outcome?.kind === 'accepted') keep(outcome.through ?? written)
  return outcome?.kind
}
