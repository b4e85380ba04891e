import { isDeepStrictEqual } from 'node:util'
import type { Presence, RecordReference } from '@cdrstream/plugin'
import type { CheckDefinition } from '../check-definition.ts'
import { expectThat } from '../check-failure.ts'
import { TrialJournal } from '../delivery/trial-journal.ts'
import { kindOf } from '../kind-of.ts'
import { ordinaryRecords } from '../records/kinds-of-records.ts'
import { makeRecord } from '../records/make-record.ts'
import { expectShown } from '../shown/expect-shown.ts'

export const presenceChecks: readonly CheckDefinition[] = [
  {
    name: 'presence-reported',
    title: 'holds reports exactly the records that were written, in the order of the request',
    needs: ['readBack'],
    async run(trial) {
      const journal = new TrialJournal(ordinaryRecords(4, trial.org))
      await trial.deliver(journal)
      const sink = trial.create()
      const opened = await sink.open(journal.recorded)
      expectThat(opened.kind === 'opened', () => `expected open to succeed, but found ${kindOf(opened)}`)
      if (opened.session.holds === undefined) return
      const questions = journal.records.flatMap((record) => questionsAbout(record))
      const stranger = makeRecord(1_000, { org: trial.org })
      for (const asked of [[], [...questions, [stranger, 'absent'] as const]]) {
        const answer = await sink.holds(asked.map(([reference]) => reference))
        const expected = asked.map(([, presence]) => presence)
        expectThat(
          answer.kind === 'answered' && isDeepStrictEqual(answer.presences, expected),
          () =>
            `expected holds to answer ${JSON.stringify(expected)}, but found ${answer.kind === 'answered' ? JSON.stringify(answer.presences) : kindOf(answer)}`,
        )
      }
      await sink.close()
      await expectShown(trial, journal.records, { content: true })
    },
  },
]

type Question = readonly [RecordReference, Presence]

/** Returns queries for the written revision, an older and a newer one, and the same key in another org. */
function questionsAbout({ org, key, rank, home }: RecordReference): readonly Question[] {
  return [
    [{ org, key, rank: rank + 1, home }, 'absent'],
    [{ org, key, rank, home }, 'present'],
    [{ org: `${org}-b`, key, rank, home }, 'absent'],
    [{ org, key, rank: rank - 1, home }, 'present'],
  ]
}
