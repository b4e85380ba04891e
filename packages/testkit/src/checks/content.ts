import type { CdrRecord } from '@cdrstream/plugin'
import type { CheckDefinition } from '../check-definition.ts'
import { expectThat } from '../check-failure.ts'
import { TrialJournal } from '../delivery/trial-journal.ts'
import {
  extremeRecords,
  ordinaryRecords,
  recordsWithHostileText,
  recordsWithOddKeys,
  recordsWithUnknownFields,
} from '../records/kinds-of-records.ts'
import { makeRecord } from '../records/make-record.ts'
import { expectShown } from '../shown/expect-shown.ts'
import type { Trial } from '../trial.ts'
import { expectGoodRefusals } from './refusals.ts'

/** More records than sinks usually put into one statement or request. */
const manyRecords = 1_500

export const contentChecks: readonly CheckDefinition[] = [
  {
    name: 'every-record-written',
    title: 'each of 1,500 records is shown, with its rank and home',
    needs: ['readBack'],
    run: (trial) =>
      expectKept(
        trial,
        Array.from({ length: manyRecords }, (_, number) =>
          makeRecord(number, { org: trial.org, otherFields: number % 10 === 0 ? 'ordinary' : 'none' }),
        ),
        { content: false },
      ),
  },
  {
    name: 'fields-kept',
    title: 'every catalogue field is kept, including empty values and the limits of its type',
    needs: ['readBack'],
    run: (trial) => expectKept(trial, extremeRecords(trial.org)),
  },
  {
    name: 'unknown-fields-kept',
    title: 'fields that are not in the catalogue, and values that do not fit their field, are kept',
    needs: ['readBack'],
    run: (trial) => expectKept(trial, recordsWithUnknownFields(trial.org)),
  },
  {
    name: 'odd-keys-kept',
    title: 'keys in every form that the engine generates are kept unchanged and distinct',
    needs: ['readBack'],
    run: (trial) => expectKept(trial, recordsWithOddKeys(trial.org)),
  },
  {
    name: 'orgs-kept-apart',
    title: 'the same key in two orgs identifies two records',
    needs: ['readBack'],
    run: (trial) =>
      expectKept(
        trial,
        [1, 2, 3].flatMap((number) => [
          makeRecord(number, { org: trial.org, fields: { user: 'of one org' } }),
          makeRecord(number, { org: `${trial.org}-b`, fields: { user: 'of the other org' } }),
        ]),
      ),
  },
  {
    name: 'hostile-text',
    title:
      'NUL, lone surrogates, __proto__ and values of 1 MB are kept unchanged, or their record is refused',
    needs: ['readBack'],
    async run(trial) {
      const records = recordsWithHostileText(trial.org)
      // The last record is ordinary. It shows that the sink still works after a record that made a write
      // throw.
      const [first, last] = ordinaryRecords(2, trial.org)
      const hostile = records.map((record, index) => ({ ...record, key: `hostile-${index}` }))
      const journal = new TrialJournal([first, ...hostile, last].filter((record) => record !== undefined))
      const before = Object.keys(Object.prototype).length
      await trial.deliver(journal)
      expectGoodRefusals(journal)
      const kept = journal.records.filter((_, index) => !journal.refused.has(index + 1))
      await expectShown(trial, kept, { content: true, optional: journal.records })
      expectThat(
        Object.keys(Object.prototype).length === before && !('polluted' in {}),
        () => 'expected the key "__proto__" to be treated as data, but found Object.prototype changed',
      )
    },
  },
]

async function expectKept(trial: Trial, records: readonly CdrRecord[], { content = true } = {}) {
  const journal = new TrialJournal(records)
  await trial.deliver(journal)
  for (const [offset, reason] of journal.refused) {
    expectThat(
      false,
      () => `expected all records to be accepted, but ${records[offset - 1]?.key} was refused: ${reason}`,
    )
  }
  await expectShown(trial, records, { content })
}
