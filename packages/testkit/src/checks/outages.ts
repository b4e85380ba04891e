import type { OpenOutcome, WriteOutcome } from '@cdrstream/plugin'
import type { CheckDefinition } from '../check-definition.ts'
import { expectThat } from '../check-failure.ts'
import type { Thrown } from '../delivery/call-sink.ts'
import { TrialJournal } from '../delivery/trial-journal.ts'
import { kindOf } from '../kind-of.ts'
import { ordinaryRecords } from '../records/kinds-of-records.ts'
import { expectShown } from '../shown/expect-shown.ts'
import type { Trial } from '../trial.ts'
import type { TrialSink } from '../trial-sink.ts'

/** So often the engine tries in an outage of a minute. */
const attempts = 3

export const outageChecks: readonly CheckDefinition[] = [
  {
    name: 'down-is-retry',
    title: 'while nobody answers, the outcome is retry: for a sink at work, and for one that opens',
    needs: ['down'],
    async run(trial) {
      const journal = new TrialJournal(ordinaryRecords(20, trial.org))
      const sink = trial.create()
      await trial.deliver(journal, { sink, until: journal.position(10) })
      await whileBroken(trial, 'down', async () => {
        for (const [who, outcome] of [
          ['a sink at work', await firstTrouble(sink, journal)],
          ['a sink that opens', await firstTrouble(trial.create(), journal, 'open')],
        ] as const) {
          expectThat(
            outcome.kind === 'retry',
            () => `expected ${who} to answer retry while it is down, and found ${kindOf(outcome)}`,
          )
        }
      })
    },
  },
  {
    name: 'heals-after-outage',
    title: 'after an outage the sink goes on, and each record is shown once',
    needs: ['readBack', 'down'],
    async run(trial) {
      const journal = new TrialJournal(ordinaryRecords(20, trial.org))
      const sink = trial.create()
      await trial.deliver(journal, { sink, until: journal.position(10), batchRecords: 5 })
      await whileBroken(trial, 'down', async () => {
        for (let attempt = 0; attempt < attempts; attempt += 1) await firstTrouble(sink, journal)
      })
      await trial.deliver(journal, { sink, ...goingOn(trial, journal) })
      await expectShown(trial, journal.records, { content: true })
    },
  },
  {
    name: 'denied-is-failed',
    title: 'what needs a person is failed, with a code and a remedy',
    needs: ['denied'],
    async run(trial) {
      const journal = new TrialJournal(ordinaryRecords(10, trial.org))
      await whileBroken(trial, 'denied', async () => {
        const outcome = await firstTrouble(trial.create(), journal, 'open')
        expectThat(
          outcome.kind === 'failed',
          () => `expected failed while access is denied, and found ${kindOf(outcome)}`,
        )
        expectThat(
          /^[a-z0-9]+(-[a-z0-9]+)*$/.test(outcome.code),
          () => `expected a code such as permission-denied, and found ${JSON.stringify(outcome.code)}`,
        )
        expectThat(
          typeof outcome.remedy === 'string' && outcome.remedy.trim() !== '',
          () => `expected a remedy, one sentence for a person, and found ${JSON.stringify(outcome.remedy)}`,
        )
      })
    },
  },
  {
    name: 'heals-after-denial',
    title: 'once access is given again, the sink that has failed is opened again and goes on',
    needs: ['readBack', 'denied'],
    async run(trial) {
      const journal = new TrialJournal(ordinaryRecords(20, trial.org))
      const sink = trial.create()
      await trial.deliver(journal, { sink, until: journal.position(10), batchRecords: 5 })
      await whileBroken(trial, 'denied', async () => {
        await firstTrouble(sink, journal)
        await sink.open()
      })
      await trial.deliver(journal, { sink })
      await expectShown(trial, journal.records, { content: true })
    },
  },
]

/** A sink that stores its position is opened again; the others are not, after `retry`. */
function goingOn({ traits }: Trial, journal: TrialJournal) {
  return traits.idempotence === 'position' ? {} : { from: journal.acknowledged }
}

type Outcome = OpenOutcome | WriteOutcome | Thrown

/** Until the sink says that something is wrong, or has acknowledged all: a sink may write later than it is told to. */
async function firstTrouble(sink: TrialSink, journal: TrialJournal, first?: 'open'): Promise<Outcome> {
  if (first === 'open') {
    const opened = await sink.open()
    if (opened.kind !== 'opened') return opened
  }
  const batch = journal.batch(journal.acknowledged, { records: 10, bytes: 8_000_000 })
  const written = await sink.write(batch)
  if (written.kind !== 'accepted') return written
  return sink.flush()
}

async function whileBroken(trial: Trial, how: 'down' | 'denied', work: () => Promise<void>): Promise<void> {
  const { breakIt, healIt } = trial.certification
  await breakIt?.[how]?.(trial.given)
  try {
    await work()
  } finally {
    await healIt?.(trial.given)
  }
}
