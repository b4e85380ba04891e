import type { Position, SinkTraits, WriteOutcome } from '@cdrstream/plugin'
import { expectThat } from '../check-failure.ts'
import type { Thrown } from './call-sink.ts'
import type { TrialRecord } from './trial-journal.ts'

/** The records that were sent to the sink, and their end position. */
interface Sent {
  readonly records: readonly TrialRecord[]
  readonly to: Position
}

/** Throws unless the contract allows a sink with this idempotence to answer a batch with this outcome. */
export function checkOutcome(
  outcome: WriteOutcome | Thrown,
  sent: Sent,
  { idempotence }: Pick<SinkTraits, 'idempotence'>,
): void {
  switch (outcome.kind) {
    case 'accepted': {
      const { through, refused = [], again = [] } = outcome
      expectThat(
        idempotence !== 'position' || refused.length === 0,
        () =>
          'expected a sink that stores its position to answer refused before it commits, ' +
          'but found accepted with refused records',
      )
      checkIndexes([...refused.map(({ index }) => index), ...again], sent)
      if (through !== undefined) checkThrough(through, again, sent)
      return
    }
    case 'refused': {
      const named = (outcome.refused ?? []).map(({ index }) => index)
      expectThat(named.length > 0, () => 'expected refused to name at least one record, but found none')
      checkIndexes(named, sent)
      return
    }
    case 'rejected':
    case 'retry':
    case 'failed':
    case 'thrown':
      return
  }
}

function checkIndexes(named: readonly number[], { records }: Sent): void {
  const wrong = named.find((index) => records[index] === undefined)
  expectThat(
    wrong === undefined,
    () => `expected indexes of a batch of ${records.length} records, but found ${wrong}`,
  )
  expectThat(
    new Set(named).size === named.length,
    () => 'expected each record at most once in refused and again, but found one twice',
  )
}

function checkThrough(through: Position, again: readonly number[], { records, to }: Sent): void {
  expectThat(
    through.offset <= to.offset,
    () =>
      `expected write to be accepted through at most ${to.offset}, where the batch ends, but found ${through.offset}`,
  )
  const first = Math.min(...again.map((index) => records[index]?.position.offset ?? Number.POSITIVE_INFINITY))
  expectThat(
    through.offset < first,
    () =>
      `expected through to stay before the first record in again, at ${first}, but found ${through.offset}`,
  )
}
