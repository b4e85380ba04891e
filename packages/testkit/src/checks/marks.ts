import { isDeepStrictEqual } from 'node:util'
import { type Mark, type MarkGap, mergeMark, type StoredMark } from '@cdrstream/plugin'
import { callCertification } from '../call-certification.ts'
import type { CheckDefinition } from '../check-definition.ts'
import { expectThat, oneLineOf } from '../check-failure.ts'
import { TrialJournal } from '../delivery/trial-journal.ts'
import { ordinaryRecords } from '../records/kinds-of-records.ts'
import { todayMs } from '../records/make-record.ts'
import { expectShown } from '../shown/expect-shown.ts'
import type { Trial } from '../trial.ts'

const hourMs = 3_600_000

export const markChecks: readonly CheckDefinition[] = [
  {
    name: 'marks-accepted',
    title:
      'marks are accepted, including repeated, later and earlier ones, and do not change the records shown',
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
            () => `expected mark to accept ${JSON.stringify(each)}, but found ${oneLineOf(thrown?.cause)}`,
          )
        }
      }
      const isStored = sink.session.mark !== undefined
      await sink.close()
      if (isStored) await expectMarks(trial)
      await expectShown(trial, journal.records, { content: true })
    },
  },
]

/**
 * Expects the stored marks to be the result of `mergeMark` for all marks, if the certification can read them
 * back.
 */
async function expectMarks({ certification, given, org }: Trial): Promise<void> {
  const { readMarks } = certification
  if (readMarks === undefined) return
  const found = await callCertification('readMarks', () => readMarks(given))
  for (const [markedOrg, { completeThroughMs, gaps }] of mergedMarks(org)) {
    const { completeThroughMs: foundMs, gaps: foundGaps } = found.get(markedOrg) ?? {}
    expectThat(
      foundMs === completeThroughMs && isDeepStrictEqual(foundGaps, gaps),
      () =>
        `expected the mark of ${JSON.stringify(markedOrg)} to be ${JSON.stringify({ completeThroughMs, gaps })}, ` +
        `but found ${JSON.stringify({ completeThroughMs: foundMs, gaps: foundGaps })}`,
    )
  }
}

function mergedMarks(org: string): ReadonlyMap<string, StoredMark> {
  const merged = new Map<string, StoredMark>()
  for (const mark of sessions(org).flat(2)) {
    const after = mergeMark(merged.get(mark.org), mark)
    if (after !== undefined) merged.set(mark.org, after)
  }
  return merged
}

/**
 * Returns the marks of two sessions. The last one is earlier than the stored mark, as after a journal was
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
