import type { FlushOutcome, OpenOutcome, WriteOutcome } from '@cdrstream/plugin'
import type { CheckDefinition } from '../check-definition.ts'
import { expectThat } from '../check-failure.ts'
import type { Thrown } from '../delivery/call-sink.ts'
import { TrialJournal } from '../delivery/trial-journal.ts'
import { kindOf } from '../kind-of.ts'
import { ordinaryRecords } from '../records/kinds-of-records.ts'
import { expectShown } from '../shown/expect-shown.ts'
import type { Trial } from '../trial.ts'
import type { TrialSink } from '../trial-sink.ts'

/** About how many times the engine retries during a one-minute outage. */
const attempts = 3

export const outageChecks: readonly CheckDefinition[] = [
  {
    name: 'down-is-retry',
    title: 'during an outage, both an open session and open answer retry',
    needs: ['down'],
    async run(trial) {
      const journal = new TrialJournal(ordinaryRecords(20, trial.org))
      const sink = trial.create()
      await trial.deliver(journal, { sink, until: journal.position(10) })
      await trial.whileBroken('down', async () => {
        for (const [what, outcome] of [
          ['an open session', await firstProblem(sink, journal)],
          ['open, write or flush on a new sink', await firstProblem(trial.create(), journal)],
        ] as const) {
          expectThat(
            outcome.kind === 'retry',
            () => `expected ${what} to answer retry during an outage, but found ${kindOf(outcome)}`,
          )
        }
      })
    },
  },
  {
    name: 'heals-after-outage',
    title: 'after an outage, the sink continues, and each record is shown once',
    needs: ['readBack', 'down'],
    async run(trial) {
      const journal = new TrialJournal(ordinaryRecords(20, trial.org))
      const sink = trial.create()
      await trial.deliver(journal, { sink, until: journal.position(10), batchRecords: 5 })
      await trial.whileBroken('down', async () => {
        for (let attempt = 0; attempt < attempts; attempt += 1) {
          if (endsSession(trial, await firstProblem(sink, journal))) await sink.release()
        }
      })
      await trial.deliver(journal, { sink, ...(sink.isOpen && { from: journal.acknowledged }) })
      await expectShown(trial, journal.records, { content: true })
    },
  },
  {
    name: 'denied-is-failed',
    title: 'for a problem that a person has to fix, the sink answers failed, with a code and a remedy',
    needs: ['denied'],
    async run(trial) {
      const journal = new TrialJournal(ordinaryRecords(10, trial.org))
      await trial.whileBroken('denied', async () => {
        const outcome = await firstProblem(trial.create(), journal)
        expectThat(
          outcome.kind === 'failed',
          () => `expected the sink to answer failed while access is denied, but found ${kindOf(outcome)}`,
        )
        expectThat(
          /^[a-z0-9]+(-[a-z0-9]+)*$/.test(outcome.code),
          () => `expected a code such as permission-denied, but found ${JSON.stringify(outcome.code)}`,
        )
        expectThat(
          typeof outcome.remedy === 'string' && outcome.remedy.trim() !== '',
          () => `expected a one-sentence remedy, but found ${JSON.stringify(outcome.remedy)}`,
        )
      })
    },
  },
  {
    name: 'heals-after-denial',
    title: 'a sink that answered failed can be opened again and continues once access is granted',
    needs: ['readBack', 'denied'],
    async run(trial) {
      const journal = new TrialJournal(ordinaryRecords(20, trial.org))
      const sink = trial.create()
      await trial.deliver(journal, { sink, until: journal.position(10), batchRecords: 5 })
      await trial.whileBroken('denied', async () => {
        await firstProblem(sink, journal)
        await sink.open(journal.recorded)
      })
      await trial.deliver(journal, { sink })
      await expectShown(trial, journal.records, { content: true })
    },
  },
]

type Outcome = OpenOutcome | WriteOutcome | FlushOutcome | Thrown

/** Returns whether the engine closes the session after this outcome. */
function endsSession({ traits }: Trial, outcome: Outcome): boolean {
  if (outcome.kind !== 'retry') return true
  return traits.idempotence === 'position' || outcome.reopen === true
}

/**
 * Opens the sink if it is not open, writes, and flushes. Returns the first outcome that reports a problem, or
 * the last outcome if there is none.
 */
async function firstProblem(sink: TrialSink, journal: TrialJournal): Promise<Outcome> {
  if (!sink.isOpen) {
    const opened = await sink.open(journal.recorded)
    if (opened.kind !== 'opened') return opened
  }
  const batch = journal.batch(journal.acknowledged, { records: 10, bytes: 8_000_000 })
  const written = await sink.write(batch)
  if (written.kind !== 'accepted') return written
  return sink.flush()
}
