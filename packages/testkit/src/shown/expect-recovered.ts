import { expectThat } from '../check-failure.ts'
import { identityOf, latestOfEachKey } from '../delivery/latest-of-each-key.ts'
import type { TrialJournal } from '../delivery/trial-journal.ts'
import { kindOf } from '../kind-of.ts'
import type { Trial } from '../trial.ts'
import { nameOf } from './expect-shown.ts'

/**
 * Opens the sink anew, as after a crash, and expects that a reader is shown then all that it has called durable and did not refuse; a sink
 * that stores its position has to know of it.
 */
export async function expectRecovered(trial: Trial, journal: TrialJournal): Promise<void> {
  const { offset } = journal.acknowledged
  const sink = trial.create()
  const opened = await sink.open()
  expectThat(
    opened.kind === 'opened',
    () => `expected open to be opened after a crash, and found ${kindOf(opened)}`,
  )
  const known = opened.position?.offset ?? 0
  expectThat(
    trial.traits.idempotence !== 'position' || known >= offset,
    () =>
      `expected the position ${offset}, which \`through\` has promised, or a later one, and found ${known}`,
  )
  await sink.flush()
  await sink.close()
  const shown = new Map((await trial.shown()).map((record) => [identityOf(record), record]))
  const promised = journal.records.slice(0, offset).filter((_, index) => !journal.refused.has(index + 1))
  const lost = latestOfEachKey(promised).find(
    (record) => (shown.get(identityOf(record))?.rank ?? Number.NEGATIVE_INFINITY) < record.rank,
  )
  expectThat(
    lost === undefined,
    () => `expected all up to ${offset} to be durable, as \`through\` says, and ${nameOf(lost)} is not shown`,
  )
}
