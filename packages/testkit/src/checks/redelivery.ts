import type { CheckDefinition } from '../check-definition.ts'
import { TrialJournal } from '../delivery/trial-journal.ts'
import { ordinaryRecords } from '../records/kinds-of-records.ts'
import { expectShown } from '../shown/expect-shown.ts'
import type { Trial } from '../trial.ts'

const when: CheckDefinition['when'] = ({ idempotence }) => idempotence === 'key'

export const redeliveryChecks: readonly CheckDefinition[] = [
  {
    name: 'same-batch-twice',
    title: 'the records of a batch that is sent twice are shown once',
    when,
    needs: ['readBack'],
    run: (trial) =>
      expectOnce(trial, [
        { from: 0, until: 20, batchRecords: 20 },
        { from: 0, until: 20, batchRecords: 20 },
      ]),
  },
  {
    name: 'overlapping-batches',
    title: 'the records of overlapping batches are shown once',
    when,
    needs: ['readBack'],
    run: (trial) =>
      expectOnce(trial, [
        { from: 0, until: 12, batchRecords: 12 },
        { from: 8, until: 20, batchRecords: 12 },
        { from: 4, until: 16, batchRecords: 12 },
      ]),
  },
  {
    name: 'batches-split-differently',
    title: 'records sent again to another process, in smaller or larger batches, are shown once',
    when,
    needs: ['readBack'],
    async run(trial) {
      const journal = new TrialJournal(ordinaryRecords(20, trial.org))
      for (const batchRecords of [20, 7, 1, 13]) {
        await trial.deliver(journal, { batchRecords })
        journal.acknowledged = journal.position(0)
      }
      await expectShown(trial, journal.records, { content: true })
    },
  },
]

interface Part {
  readonly from: number
  readonly until: number
  readonly batchRecords: number
}

/** Sends all parts in one session, as the engine does if a write succeeds but answers `retry`. */
async function expectOnce(trial: Trial, parts: readonly Part[]): Promise<void> {
  const journal = new TrialJournal(ordinaryRecords(20, trial.org))
  const sink = trial.create()
  await trial.deliver(journal, { sink, until: journal.position(0), flush: false })
  for (const { from, until, batchRecords } of parts) {
    const span = { from: journal.position(from), until: journal.position(until) }
    await trial.deliver(journal, { sink, ...span, batchRecords, flush: false })
  }
  await trial.deliver(journal, { sink, from: journal.end })
  await expectShown(trial, journal.records, { content: true })
}
