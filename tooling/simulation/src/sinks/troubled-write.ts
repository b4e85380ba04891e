import type { Batch, Call, CdrRecord, SinkSession, SinkTraits, WriteOutcome } from '@cdrstream/plugin'
import { callTrouble, injectTrouble, outage, type TroubleParts } from './call-trouble.ts'
import { isPoison } from './sink-troubles.ts'

export interface WriteParts extends TroubleParts {
  readonly traits: SinkTraits
  /**
   * Called for each record that the sink refused, or that was the only one in a batch that it rejected or
   * threw on.
   */
  readonly refused: (record: CdrRecord) => void
}

/** Writes a batch, with the sink's troubles. */
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
  const injected = trouble && trouble !== 'again' && (await injectTrouble(options, trouble, call))
  if (injected) return injected
  if (outage(options)?.how === 'refuse-all') {
    return refuse(batch, [...batch.records.keys()], options)
  }
  return writeGood(session, batch, call, options)
}

/** Writes the records that can be written, and answers for the others according to the plan. */
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
      reportIfAlone(batch, options)
      return { kind: 'rejected', reason: 'planned: a record of the batch cannot be written' }
    case 'throw':
      situations.happened('sink-threw-on-record')
      reportIfAlone(batch, options)
      throw new Error('planned: a record of the batch cannot be written')
  }
}

function refuse(batch: Batch, indexes: readonly number[], { traits, situations, refused }: WriteParts) {
  situations.happened('sink-refused')
  for (const index of indexes) {
    const record = batch.records[index]
    if (record !== undefined) refused(record)
  }
  const refusals = indexes.map((index) => ({ index, reason: 'planned: this record cannot be written' }))
  return traits.idempotence === 'position'
    ? ({ kind: 'refused', refused: refusals } as const)
    : ({ kind: 'accepted', refused: refusals } as const)
}

function reportIfAlone({ records }: Batch, { refused }: WriteParts): void {
  const [record] = records
  if (records.length === 1 && record !== undefined) refused(record)
}
