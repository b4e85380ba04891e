import type { Mark, MarkGap } from '@cdrstream/plugin'
import type { CheckDefinition } from '../check-definition.ts'
import { expectThat, oneLineOf } from '../check-failure.ts'
import { TrialJournal } from '../delivery/trial-journal.ts'
import { ordinaryRecords } from '../records/kinds-of-records.ts'
import { todayMs } from '../records/make-record.ts'
import { expectShown } from '../shown/expect-shown.ts'

const hourMs = 3_600_000

export const markChecks: readonly CheckDefinition[] = [
  {
    name: 'marks-accepted',
    title: 'marks are accepted, also repeated, later and earlier ones, and change nothing that is shown',
    needs: ['readBack'],
    async run(trial) {
      const journal = new TrialJournal(ordinaryRecords(6, trial.org))
      const sink = trial.create()
      for (const [session, marks] of sessions(trial.org).entries()) {
        await trial.deliver(journal, { sink, until: journal.position(3 * (session + 1)) })
        for (const each of marks) {
          const thrown = await sink.mark(each)
          expectThat(
            thrown === undefined,
            () => `expected mark to accept ${JSON.stringify(each)}, and found ${oneLineOf(thrown?.cause)}`,
          )
        }
      }
      await sink.close()
      await expectShown(trial, journal.records, { content: true })
    },
  },
]

/**
 * The marks of two sessions. The last one is earlier than the stored one, as from a journal that was
 * restored.
 */
function sessions(org: string): readonly (readonly (readonly Mark[])[])[] {
  const at = (hours: number) => todayMs() + hours * hourMs
  const gap = (from: number, to: number, reason: MarkGap['reason']): MarkGap => {
    return { fromMs: at(from), toMs: at(to), reason }
  }
  const first: Mark = { org, fromMs: at(0), completeThroughMs: at(4), gaps: [gap(1, 2, 'doubtful')] }
  const later: Mark = {
    org,
    fromMs: at(0),
    completeThroughMs: at(9) + 1,
    gaps: [gap(1, 2, 'not-collected'), gap(3, 4, 'not-delivered'), gap(5, 6, 'refused')],
  }
  const other: Mark = { org: `${org}-b`, fromMs: at(2), completeThroughMs: at(2), gaps: [] }
  const afterBreak: Mark = { org, fromMs: at(12), completeThroughMs: at(14), gaps: [] }
  return [
    [[first], [first], [later, other]],
    [[later, other], [afterBreak], [first]],
  ]
}
