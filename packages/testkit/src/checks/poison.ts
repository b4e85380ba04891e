import type { CheckDefinition } from '../check-definition.ts'
import { expectThat } from '../check-failure.ts'
import { TrialJournal } from '../delivery/trial-journal.ts'
import { ordinaryRecords, tornRecord } from '../records/kinds-of-records.ts'
import { expectShown } from '../shown/expect-shown.ts'
import { expectGoodRefusals } from './refusals.ts'

export const poisonChecks: readonly CheckDefinition[] = [
  {
    name: 'poison-named',
    title: 'a record that cannot be written is refused, rejected or shown, and all others are shown',
    needs: ['readBack'],
    async run(trial) {
      const poisonous = [5, 11]
      const journal = new TrialJournal(
        ordinaryRecords(16, trial.org).map((record, index) => {
          if (!poisonous.includes(index)) return record
          return trial.certification.poison?.(record) ?? tornRecord(index, trial.org)
        }),
      )
      await trial.deliver(journal)
      expectGoodRefusals(journal)
      const healthyRefused = [...journal.refused.keys()].find((offset) => !poisonous.includes(offset - 1))
      expectThat(
        healthyRefused === undefined,
        () =>
          `expected only the records ${poisonous.map((index) => index + 1)} of the journal to be refused, and found ${healthyRefused}: ${journal.refused.get(healthyRefused ?? 0)}`,
      )
      await expectShown(
        trial,
        journal.records.filter((_, index) => !journal.refused.has(index + 1)),
        { optional: journal.records },
      )
    },
  },
]
