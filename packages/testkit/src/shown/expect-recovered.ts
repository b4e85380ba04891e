import { expectThat } from '../check-failure.ts'
import { identityOf, latestOfEachKey } from '../delivery/latest-of-each-key.ts'
import type { TrialJournal } from '../delivery/trial-journal.ts'
import { kindOf } from '../kind-of.ts'
import type { Trial } from '../trial.ts'
import { nameOf } from './expect-shown.ts'

/**
 * Opens a new sink, as after a crash, and throws unless everything that the sink reported as durable is
 * shown. A sink that stores its position must return a position that covers all of it.
 */
export async function expectRecovered(trial: Trial, journal: TrialJournal): Promise<void> {
  const { offset } = journal.acknowledged
  const sink = trial.create()
  const opened = await sink.open(journal.recorded)
  expectThat(
    opened.kind === 'opened',
    () => `expected open to succeed after a crash, but found ${kindOf(opened)}`,
  )
  const known = opened.position?.offset ?? 0
  expectThat(
    trial.traits.idempotence !== 'position' || known >= offset,
    () => `expected the position ${offset}, which \`through\` promised, or a later one, but found ${known}`,
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
    () =>
      `expected everything up to ${offset} to be durable, as \`through\` promised, but ${nameOf(lost)} is not shown`,
  )
}
