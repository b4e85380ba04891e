import type {
  Call,
  OpenCall,
  Opened,
  OpenOutcome,
  Position,
  Sink,
  SinkContext,
  SinkSession,
} from '@cdrstream/plugin'
import type { FileSinkOptions } from '../../src/file-sink-options.ts'
import type { JournalModel } from './journal-model.ts'

export const call: Call = { signal: new AbortController().signal }

/** Returns the argument for `open`. */
export function openCall(acknowledged: Position | null = null): OpenCall {
  return { ...call, acknowledged, owns: async () => true }
}

/** Opens a session, which must succeed. */
export async function openSession(sink: Sink, acknowledged: Position | null = null): Promise<SinkSession> {
  return expectOpened(await sink.open(openCall(acknowledged))).session
}

export function expectOpened(outcome: OpenOutcome): Opened {
  if (outcome.kind !== 'opened')
    throw new Error(`expected the sink to be opened, found ${JSON.stringify(outcome)}`)
  return outcome
}

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
  /** Returns the number of records in the next batch. */
  readonly batchRecords: () => number
  /** Returns whether to flush after this batch. */
  readonly flushes: () => boolean
  /** Returns whether the process has crashed. */
  readonly crashed: () => boolean
}

const maxSessions = 20

/**
 * A minimal engine: opens the sink, writes the records after its position, and reopens the sink after an
 * error. `promisedBefore` is the highest offset that the sink has reported as durable. Returns its new value.
 * Throws if the sink breaks that promise.
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
  for (let sessions = 0; sessions < maxSessions && !plan.crashed(); sessions += 1) {
    const opened = await sink.open(openCall(journal.position(promised)))
    if (opened.kind !== 'opened') continue
    const { session } = opened
    let from = opened.position ?? journal.position(0)
    if (from.offset < promised)
      throw new Error(`the sink is at ${from.offset}, but has reported ${promised} as durable`)
    let trouble = false
    while (!trouble && from.offset < journal.records.length) {
      const batch = journal.batch(from, plan.batchRecords())
      const written = await session.write(batch, call)
      if (written.kind === 'accepted') keep(written.through ?? batch.to)
      trouble = written.kind !== 'accepted'
      from = batch.to
      if (!trouble && plan.flushes()) trouble = (await flush(session, from, keep)) !== 'accepted'
    }
    if (!trouble) trouble = (await flush(session, from, keep)) !== 'accepted'
    await session.close?.(call)
    if (!trouble) return promised
  }
  if (!plan.crashed()) throw new Error('the sink made no progress')
  return promised
}

async function flush(session: SinkSession, written: Position, keep: (through: Position) => void) {
  const outcome = await session.flush?.(call)
  if (outcome?.kind === 'accepted') keep(outcome.through ?? written)
  return outcome?.kind
}
