import type {
  Batch,
  Call,
  CdrRecord,
  FlushOutcome,
  OpenOutcome,
  Retry,
  Sink,
  SinkSession,
  SinkTraits,
  WriteOutcome,
} from '@cdrstream/plugin'
import type { Chance } from '@cdrstream-internal/chance'
import type { SituationBook } from '../situations.ts'
import { type CallTrouble, isPoison, type SinkTroubles } from './sink-troubles.ts'

export interface TroubledSinkOptions {
  readonly sink: Sink
  readonly traits: SinkTraits
  readonly chance: Chance
  readonly nowMs: () => number
  /** Of now. */
  readonly troubles: () => SinkTroubles
  readonly situations: SituationBook
  /** The sink named this record as one that it cannot write, or was alone with it when it rejected or threw. */
  readonly refused: (record: CdrRecord) => void
}

/** A sink that works, with everything in front of it that can go wrong with a destination. */
export function troubledSink(options: TroubledSinkOptions): Sink {
  const { sink } = options
  return {
    async open(call) {
      const trouble = callTrouble(options, ['retry', 'failed', 'throw', 'hang'])
      const spoilt = trouble && (await spoil(options, trouble, call))
      if (spoilt !== undefined) return spoilt satisfies OpenOutcome
      const opened = await sink.open(call)
      return opened.kind === 'opened'
        ? { ...opened, session: troubledSession(opened.session, options) }
        : opened
    },
  }
}

function troubledSession(session: SinkSession, options: TroubledSinkOptions): SinkSession {
  const { flush, mark, holds, close } = session
  return {
    write: (batch, call) => write(session, batch, call, options),
    ...(flush && {
      async flush(call): Promise<FlushOutcome> {
        const trouble = callTrouble(options, ['retry', 'reopen', 'failed', 'throw', 'hang', 'lost'])
        const lost = trouble === 'lost' ? await flush.call(session, call) : undefined
        const spoilt = trouble && (await spoil(options, trouble, call))
        return spoilt ?? lost ?? flush.call(session, call)
      },
    }),
    ...(mark && {
      async mark(marks, call): Promise<void> {
        if (options.chance.happens(options.troubles().markThrows)) {
          options.situations.happened('mark-failed')
          throw new Error('planned: the mark was not stored')
        }
        return mark.call(session, marks, call)
      },
    }),
    ...(holds && {
      async holds(records, call) {
        return holds.call(session, records, call)
      },
    }),
    ...(close && { close: (call) => close.call(session, call) }),
  }
}

async function write(
  session: SinkSession,
  batch: Batch,
  call: Call,
  options: TroubledSinkOptions,
): Promise<WriteOutcome> {
  const { traits, situations } = options
  const trouble = callTrouble(options, [
    'retry',
    'reopen',
    'failed',
    'throw',
    'half',
    'hang',
    'lost',
    'lost-hang',
    'again',
  ])
  if (trouble === 'again' && traits.idempotence !== 'position' && batch.records.length > 1) {
    situations.happened('sink-asked-for-some-again')
    const postponed = [...batch.records.keys()].filter((index) => index % 3 === 0)
    const others = batch.records.filter((_, index) => index % 3 !== 0)
    const outcome = await writeGood(session, { ...batch, records: others }, call, options)
    if (outcome.kind !== 'accepted') return outcome
    const refused = outcome.refused?.map(({ index, reason }) => ({
      index: batch.records.indexOf(others[index] as CdrRecord),
      reason,
    }))
    return { kind: 'accepted', again: postponed, through: batch.from, ...(refused && { refused }) }
  }
  if (trouble === 'half' && traits.idempotence === 'key') {
    situations.happened('sink-wrote-half')
    const half = batch.records.slice(0, batch.records.length / 2)
    if (half.length > 0) await writeGood(session, { ...batch, records: half }, call, options)
  }
  if (trouble === 'lost' || trouble === 'lost-hang') {
    const outcome = await writeGood(session, batch, call, options)
    if (outcome.kind !== 'accepted') return outcome
    situations.happened('sink-lost-its-answer')
  }
  const spoilt = trouble && trouble !== 'again' && (await spoil(options, trouble, call))
  if (spoilt) return spoilt
  if (outage(options)?.how === 'refuse-all') {
    return refuse(batch, [...batch.records.keys()], options)
  }
  return writeGood(session, batch, call, options)
}

/** Writes what can be written, and says of the others what the sink would say. */
async function writeGood(
  session: SinkSession,
  batch: Batch,
  call: Call,
  options: TroubledSinkOptions,
): Promise<WriteOutcome> {
  const { traits, situations } = options
  const { poison } = options.troubles()
  const bad =
    poison === null
      ? []
      : [...batch.records.keys()].filter((at) => isPoison(batch.records[at]?.key ?? '', poison))
  if (poison === null || bad.length === 0) return session.write(batch, call)
  switch (poison.how) {
    case 'refuse': {
      const outcome = refuse(batch, bad, options)
      if (traits.idempotence === 'position') return outcome
      const good = batch.records.filter((_, index) => !bad.includes(index))
      if (good.length > 0) await session.write({ ...batch, records: good }, call)
      return outcome
    }
    case 'reject':
      situations.happened('sink-rejected')
      noteAlone(batch, options)
      return { kind: 'rejected', reason: 'planned: one of them cannot be written' }
    case 'throw':
      situations.happened('sink-threw-on-record')
      noteAlone(batch, options)
      throw new Error('planned: this cannot be written')
  }
}

function refuse(
  batch: Batch,
  indexes: readonly number[],
  { traits, situations, refused }: TroubledSinkOptions,
) {
  situations.happened('sink-refused')
  for (const index of indexes) {
    const record = batch.records[index]
    if (record !== undefined) refused(record)
  }
  const refusals = indexes.map((index) => ({ index, reason: 'planned: it cannot be written' }))
  return traits.idempotence === 'position'
    ? ({ kind: 'refused', refused: refusals } as const)
    : ({ kind: 'accepted', refused: refusals } as const)
}

function noteAlone({ records }: Batch, { refused }: TroubledSinkOptions): void {
  const [record] = records
  if (records.length === 1 && record !== undefined) refused(record)
}

function outage({ troubles, nowMs }: TroubledSinkOptions) {
  const atMs = nowMs()
  return troubles().outages.find(({ fromMs, toMs }) => fromMs <= atMs && atMs < toMs)
}

/** What goes wrong with this call; undefined: nothing. */
function callTrouble(
  options: TroubledSinkOptions,
  possible: readonly CallTrouble[],
): CallTrouble | undefined {
  const now = outage(options)
  if (now !== undefined && now.how !== 'refuse-all') {
    options.situations.happened('sink-down')
    return now.how
  }
  const { shares } = options.troubles()
  let lot = options.chance.next()
  for (const trouble of possible) {
    if (lot < shares[trouble]) return trouble
    lot -= shares[trouble]
  }
  return undefined
}

/** Answers as the trouble says. Undefined: this trouble does not spoil the answer. */
async function spoil(
  { situations }: TroubledSinkOptions,
  trouble: CallTrouble,
  call: Call,
): Promise<Retry | { kind: 'failed'; code: string; remedy: string } | undefined> {
  switch (trouble) {
    case 'retry':
      situations.happened('sink-retried')
      return { kind: 'retry' }
    case 'reopen':
      situations.happened('sink-asked-to-reopen')
      return { kind: 'retry', reopen: true }
    case 'failed':
      situations.happened('sink-failed')
      return { kind: 'failed', code: 'planned', remedy: 'wait for the end of the plan' }
    case 'throw':
    case 'half':
    case 'lost':
      situations.happened('sink-threw')
      throw new Error('planned: the call failed')
    case 'hang':
    case 'lost-hang':
      situations.happened('sink-hung')
      await aborted(call.signal)
      throw new Error('planned: the call was aborted')
    case 'again':
      return undefined
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
