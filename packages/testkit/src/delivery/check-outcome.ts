import type { Accepted, Batch, Refusal, Refused, SinkTraits } from '@cdrstream/plugin'
import { expectThat } from '../check-failure.ts'

/** Throws unless a sink with this idempotence may answer so for this batch. */
export function checkAccepted(
  { through, refused = [], again = [] }: Accepted,
  batch: Batch,
  idempotence: SinkTraits['idempotence'],
): void {
  expectThat(
    idempotence !== 'position' || refused.length === 0,
    () =>
      'expected a sink that stores its position to answer refused before it commits, and found accepted with refused records',
  )
  checkIndexes([...refused.map(({ index }) => index), ...again], batch)
  expectThat(
    through === undefined || through.offset <= batch.to.offset,
    () =>
      `expected write to be accepted through ${batch.to.offset} at most, where the batch ends, and found ${through?.offset}`,
  )
}

/** Throws unless the outcome names at least one record of this batch, and each once. */
export function checkRefused({ refused }: Refused, batch: Batch): void {
  const named: readonly Refusal[] = refused ?? []
  expectThat(named.length > 0, () => 'expected refused to name at least one record, and found none')
  checkIndexes(
    named.map(({ index }) => index),
    batch,
  )
}

function checkIndexes(named: readonly number[], { records }: Batch): void {
  const wrong = named.find((index) => records[index] === undefined)
  expectThat(
    wrong === undefined,
    () => `expected indexes of a batch of ${records.length} records, and found ${wrong}`,
  )
  expectThat(
    new Set(named).size === named.length,
    () => 'expected each record once in refused and again, and found one twice',
  )
}
