import { isDeepStrictEqual } from 'node:util'
import type { Position } from '@cdrstream/plugin'
import type { CheckDefinition } from '../check-definition.ts'
import { expectThat } from '../check-failure.ts'
import { TrialJournal } from '../delivery/trial-journal.ts'
import { kindOf } from '../kind-of.ts'
import { ordinaryRecords } from '../records/kinds-of-records.ts'
import { expectShown } from '../shown/expect-shown.ts'
import type { Trial } from '../trial.ts'

const when: CheckDefinition['when'] = ({ idempotence }) => idempotence === 'position'

export const positionChecks: readonly CheckDefinition[] = [
  {
    name: 'position-null-at-first',
    title: 'open returns null in a new place',
    when,
    needs: ['place'],
    async run(trial) {
      const position = await openedPosition(trial, null)
      expectThat(
        position === null,
        () => `expected open to return null in a new place, but found ${JSON.stringify(position)}`,
      )
    },
  },
  {
    name: 'position-stored',
    title: 'open returns the position of the last record written, with its incarnation and commit',
    when,
    async run(trial) {
      const journal = new TrialJournal(ordinaryRecords(10, trial.org))
      await trial.deliver(journal, { batchRecords: 4 })
      const position = await openedPosition(trial, journal.recorded)
      expectThat(
        isDeepStrictEqual({ ...position }, { ...journal.end }),
        () => `expected open to return ${JSON.stringify(journal.end)}, but found ${JSON.stringify(position)}`,
      )
    },
  },
  {
    name: 'redelivery-after-position',
    title: 'records sent again after a crash, divided into other batches, are shown once',
    when,
    needs: ['readBack'],
    async run(trial) {
      const journal = new TrialJournal(ordinaryRecords(24, trial.org))
      const abandoned = trial.create()
      const until = journal.position(10)
      await trial.deliver(journal, { sink: abandoned, until, batchRecords: 5, flushEvery: 1, flush: false })
      await trial.deliver(journal, {
        sink: abandoned,
        until: journal.position(16),
        batchRecords: 3,
        flush: false,
      })
      await trial.deliver(journal, { batchRecords: 7 })
      await expectShown(trial, journal.records, { content: true })
    },
  },
  {
    name: 'batch-before-position',
    title: 'a batch that begins before the stored position changes nothing, regardless of its outcome',
    when,
    needs: ['readBack'],
    async run(trial) {
      const journal = new TrialJournal(ordinaryRecords(12, trial.org))
      await trial.deliver(journal, { batchRecords: 5, until: journal.position(8) })
      const sink = trial.create()
      await sink.open(journal.recorded)
      const limits = { records: 6, bytes: 8_000_000 }
      await sink.write(journal.batch(journal.position(0), limits))
      await sink.flush()
      await trial.deliver(journal, { sink })
      await expectShown(trial, journal.records, { content: true })
    },
  },
]

async function openedPosition(trial: Trial, acknowledged: Position | null) {
  const opened = await trial.create().open(acknowledged)
  expectThat(opened.kind === 'opened', () => `expected open to succeed, but found ${kindOf(opened)}`)
  return opened.position
}
