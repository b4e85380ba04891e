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
/** The kill falls into one of so many calls. */
const mostCalls = 5
/** The very first call of a process takes about so long. */
const firstCallMs = 50

export const killChecks: readonly CheckDefinition[] = [
  {
    name: 'killed-while-writing',
    title:
      'killed in the middle of a write, again and again: nothing acknowledged is lost, and what comes again is shown once',
    needs: ['readBack', 'module'],
    async run(trial) {
      const { kills = defaultKills } = trial.certification
      // No process comes to the end, so that each is killed at work.
      const records = (kills + 1) * mostCalls * batchRecords
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

/** Kills a process at a moment drawn within a call. */
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
  let callsBefore = Math.floor(Math.random() * mostCalls)
  // The first call of a process takes far longer than those behind it.
  const shortestMs = new Map<string, number>()
  for (let message = await child.next(); message !== undefined; message = await child.next()) {
    switch (message.kind) {
      case 'about-to-call': {
        const callMs = shortestMs.get(message.call) ?? firstCallMs
        if (callsBefore > 0) child.goOn()
        else if (callsBefore === 0) child.goOn({ dieAfterMs: Math.random() * callMs })
        // The call that was to be hit was over before: what lies between two calls is a moment, too.
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
        throw new CheckFailure('expected the process to be killed while it writes, and it had ended before')
    }
  }
  const endedByItself = await child.endsWithin(0)
  expectThat(!endedByItself, () => 'expected the process to be killed, and it had ended before')
}
