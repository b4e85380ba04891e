import type { CdrRecord, Position } from '@cdrstream/plugin'
import { callCertification } from '../call-certification.ts'
import type { CheckDefinition } from '../check-definition.ts'
import { expectThat } from '../check-failure.ts'
import { TrialJournal } from '../delivery/trial-journal.ts'
import { kindOf } from '../kind-of.ts'
import { ordinaryRecords, tornRecord } from '../records/kinds-of-records.ts'
import { makeRecord } from '../records/make-record.ts'
import { expectShown } from '../shown/expect-shown.ts'
import type { Trial } from '../trial.ts'
import type { TrialSink } from '../trial-sink.ts'
import { expectGoodRefusals } from './refusals.ts'

export const poisonChecks: readonly CheckDefinition[] = [
  {
    name: 'poison-named',
    title: 'a record that cannot be written is refused, rejected or shown, and all other records are shown',
    needs: ['readBack'],
    async run(trial) {
      const poisonous = [5, 11]
      const journal = new TrialJournal(await withPoison(trial, 16, poisonous))
      await trial.deliver(journal)
      expectGoodRefusals(journal)
      const healthyRefused = [...journal.refused.keys()].find((offset) => !poisonous.includes(offset - 1))
      expectThat(
        healthyRefused === undefined,
        () =>
          `expected only the records ${poisonous.map((index) => index + 1)} of the journal to be refused, but found ${healthyRefused} refused: ${journal.refused.get(healthyRefused ?? 0)}`,
      )
      await expectHealthyShown(trial, journal)
    },
  },
  {
    name: 'older-revision-survives',
    title: 'if a revision cannot be written, an older revision in the same batch is shown',
    when: ({ idempotence }) => idempotence !== 'none',
    needs: ['readBack'],
    async run(trial) {
      const older = makeRecord(1, { org: trial.org })
      const poison = await poisonOf(trial, makeRecord(1, { org: trial.org, rank: older.rank + 1 }))
      const journal = new TrialJournal([poison, older, makeRecord(2, { org: trial.org })])
      await trial.deliver(journal)
      await expectHealthyShown(trial, journal)
    },
  },
  {
    name: 'refused-before-commit',
    title:
      'a batch refused because of one record leaves nothing behind, and its other records are written later',
    when: ({ idempotence }) => idempotence === 'position',
    needs: ['readBack'],
    async run(trial) {
      const journal = new TrialJournal(await withPoison(trial, 10, [6]))
      const start = journal.position(4)
      const sink = trial.create()
      await trial.deliver(journal, { sink, until: start })
      const outcome = await sink.write(journal.batch(start, { records: 6, bytes: 8_000_000 }))
      if (outcome.kind === 'accepted') {
        expectThat(
          outcome.refused === undefined || outcome.refused.length === 0,
          () =>
            'expected the sink to answer refused before it commits, but found accepted with refused records',
        )
      } else {
        expectThat(
          outcome.kind === 'refused' || outcome.kind === 'rejected',
          () =>
            `expected a batch with an unwritable record to be refused or rejected, but found ${kindOf(outcome)}`,
        )
        await sink.flush()
        await expectShown(trial, journal.records.slice(0, start.offset))
        await expectPosition(sink, start)
      }
      await trial.deliver(journal)
      await expectHealthyShown(trial, journal)
    },
  },
]

async function expectPosition(sink: TrialSink, expected: Position): Promise<void> {
  const opened = await sink.open(expected)
  const found = opened.kind === 'opened' ? opened.position : undefined
  expectThat(
    found?.incarnation === expected.incarnation && found.offset === expected.offset,
    () =>
      `expected the position ${expected.offset} after a batch was refused, but found ${JSON.stringify(found)}`,
  )
  await sink.close()
}

/** Expects all records that were not refused to be shown. Refused records may also be shown. */
function expectHealthyShown(trial: Trial, journal: TrialJournal): Promise<void> {
  return expectShown(
    trial,
    journal.records.filter((_, index) => !journal.refused.has(index + 1)),
    { optional: journal.records },
  )
}

function withPoison(
  trial: Trial,
  count: number,
  poisonous: readonly number[],
): Promise<readonly CdrRecord[]> {
  return Promise.all(
    ordinaryRecords(count, trial.org).map((record, index) =>
      poisonous.includes(index) ? poisonOf(trial, record) : record,
    ),
  )
}

function poisonOf({ certification: { poison } }: Trial, record: CdrRecord): Promise<CdrRecord> {
  return callCertification('poison', () => poison?.(record) ?? tornRecord(record))
}
