import type { Batch, Call, CdrRecord, SinkSession, SinkTraits, WriteOutcome } from '@cdrstream/plugin'
import { callTrouble, outage, spoil, type TroubleParts } from './call-trouble.ts'
import { isPoison } from './sink-troubles.ts'

export interface WriteParts extends TroubleParts {
  readonly traits: SinkTraits
  /**
   * The sink named this record as one that it cannot write, or was alone with it when it rejected or threw.
   */
  readonly refused: (record: CdrRecord) => void
}

/** Writes a batch, with what may go wrong with that. */
export async function troubledWrite(
  session: SinkSession,
  batch: Batch,
  call: Call,
  options: WriteParts,
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
  options: WriteParts,
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

function refuse(batch: Batch, indexes: readonly number[], { traits, situations, refused }: WriteParts) {
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

function noteAlone({ records }: Batch, { refused }: WriteParts): void {
  const [record] = records
  if (records.length === 1 && record !== undefined) refused(record)
}
