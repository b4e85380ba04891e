import type { CheckDefinition } from '../check-definition.ts'
import { expectThat } from '../check-failure.ts'
import { TrialJournal } from '../delivery/trial-journal.ts'
import { kindOf } from '../kind-of.ts'
import { ordinaryRecords } from '../records/kinds-of-records.ts'
import { expectRecovered } from '../shown/expect-recovered.ts'

export const durabilityChecks: readonly CheckDefinition[] = [
  {
    name: 'through-is-durable',
    title:
      'everything up to `through` is shown after another process opens the sink, without being sent again',
    needs: ['readBack'],
    async run(trial) {
      const journal = new TrialJournal(ordinaryRecords(60, trial.org))
      for (const offset of [7, 14, 28, 60]) {
        const until = journal.position(offset)
        const abandoned = trial.create()
        await trial.deliver(journal, { sink: abandoned, until, batchRecords: 7, flushEvery: 3, flush: false })
        await expectRecovered(trial, journal)
      }
    },
  },
  {
    name: 'flush-reaches-the-end',
    title: 'flush acknowledges everything that was written, and is accepted if there is nothing to do',
    async run(trial) {
      const journal = new TrialJournal(ordinaryRecords(20, trial.org))
      const sink = trial.create()
      await trial.deliver(journal, { sink, batchRecords: 7 })
      const { offset } = journal.acknowledged
      expectThat(
        offset === journal.end.offset || sink.session.flush !== undefined,
        () =>
          `expected a session without \`flush\` to accept every batch through its end, but found ${offset} of ` +
          `${journal.end.offset}; add \`flush\``,
      )
      expectThat(
        offset === journal.end.offset,
        () =>
          `expected flush to reach ${journal.end.offset}, where the last batch ended, but found ${offset}`,
      )
      const idle = await sink.flush()
      expectThat(
        idle.kind === 'accepted',
        () => `expected a flush with nothing to do to be accepted, but found ${kindOf(idle)}`,
      )
    },
  },
]
