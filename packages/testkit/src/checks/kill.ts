import type { CheckDefinition } from '../check-definition.ts'
import { CheckFailure, expectThat } from '../check-failure.ts'
import { type SinkProcess, startSinkProcess } from '../child/run-sink-process.ts'
import { TrialJournal } from '../delivery/trial-journal.ts'
import { ordinaryRecords } from '../records/kinds-of-records.ts'
import { expectRecovered } from '../shown/expect-recovered.ts'
import { expectShown } from '../shown/expect-shown.ts'
import type { Trial } from '../trial.ts'

const batchRecords = 12
const flushEvery = 2
const defaultKills = 5
/** The kill occurs during one of this many calls. */
const maxCalls = 5
/** The approximate duration of a process's first call. */
const firstCallMs = 50

export const killChecks: readonly CheckDefinition[] = [
  {
    name: 'killed-while-writing',
    title:
      'if processes are killed during writes, no acknowledged record is lost, and every record is shown once',
    needs: ['readBack', 'module'],
    async run(trial) {
      const { kills = defaultKills } = trial.certification
      // Enough records that no process finishes before it is killed.
      const records = (kills + 1) * maxCalls * batchRecords
      const journal = new TrialJournal(ordinaryRecords(records, trial.org))
      for (let kill = 0; kill < kills; kill += 1) {
        await killInCall(trial, journal)
        await expectRecovered(trial, journal)
      }
      await trial.deliver(journal)
      await expectShown(
        trial,
        journal.records.filter((_, index) => !journal.refused.has(index + 1)),
        { content: true },
      )
    },
  },
]

/** Starts a process and kills it at a random moment within a call. */
async function killInCall(trial: Trial, journal: TrialJournal): Promise<void> {
  const child = startSinkProcess({
    module: String(trial.certification.module),
    given: trial.given,
    records: journal.records,
    incarnation: journal.incarnation,
    acknowledged: journal.acknowledged,
    batchRecords,
    flushEvery,
    patienceMs: trial.patienceMs,
    idleSessions: 0,
  })
  try {
    await steer(child, journal)
  } finally {
    child.kill()
  }
}

async function steer(child: SinkProcess, journal: TrialJournal): Promise<void> {
  let callsBefore = Math.floor(Math.random() * maxCalls)
  // Keeps the shortest duration of each call, because a process's first call takes far longer than later
  // calls.
  const shortestMs = new Map<string, number>()
  for (let message = await child.next(); message !== undefined; message = await child.next()) {
    switch (message.kind) {
      case 'about-to-call': {
        const callMs = shortestMs.get(message.call) ?? firstCallMs
        if (callsBefore > 0) child.proceed()
        else if (callsBefore === 0) child.proceed({ dieAfterMs: Math.random() * callMs })
        // The targeted call ended before its kill, so the process is killed between two calls instead.
        else child.kill()
        callsBefore -= 1
        break
      }
      case 'called':
        shortestMs.set(message.call, Math.min(message.tookMs, shortestMs.get(message.call) ?? message.tookMs))
        break
      case 'acknowledged':
        journal.acknowledge(message.position)
        break
      case 'refused':
        journal.refused.set(message.offset, message.reason)
        break
      case 'closed':
      case 'failed':
        throw new CheckFailure('expected the process to be killed while it writes, but it ended first')
    }
  }
  const endedByItself = await child.endsWithin(0)
  expectThat(!endedByItself, () => 'expected the process to be killed, but it ended first')
}
