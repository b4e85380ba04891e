import type { CheckDefinition } from '../check-definition.ts'
import { CheckFailure, expectThat } from '../check-failure.ts'
import { startSinkProcess } from '../child/run-sink-process.ts'
import { TrialJournal } from '../delivery/trial-journal.ts'
import { kindOf } from '../kind-of.ts'
import { ordinaryRecords } from '../records/kinds-of-records.ts'
import { expectShown } from '../shown/expect-shown.ts'

/** A process with nothing left open ends at once. Long enough for a busy machine. */
const endMs = 5_000

export const lifecycleChecks: readonly CheckDefinition[] = [
  {
    name: 'opens-again',
    title: 'the same sink can be opened again after its session was closed, with and without a write',
    needs: ['readBack'],
    async run(trial) {
      const journal = new TrialJournal(ordinaryRecords(6, trial.org))
      const sink = trial.create()
      for (const end of [0, 0, 3, 6]) {
        const opened = await sink.open(journal.recorded)
        expectThat(
          opened.kind === 'opened',
          () => `expected open to succeed again after close, and found ${kindOf(opened)}`,
        )
        await trial.deliver(journal, { sink, from: journal.acknowledged, until: journal.position(end) })
        await sink.close()
      }
      await expectShown(trial, journal.records)
    },
  },
  {
    name: 'handles-released',
    title: 'after two sessions were closed no file or connection is open, and the process ends by itself',
    needs: ['module'],
    async run(trial) {
      const { incarnation, acknowledged, records } = new TrialJournal(ordinaryRecords(20, trial.org))
      const child = startSinkProcess({
        module: String(trial.certification.module),
        given: trial.given,
        records,
        incarnation,
        acknowledged,
        batchRecords: 10,
        flushEvery: 1,
        patienceMs: trial.patienceMs,
        idleSessions: 1,
      })
      let open: readonly string[] | undefined
      try {
        while (open === undefined) {
          const message = await child.next()
          if (message === undefined) throw new CheckFailure('expected the child process to close the sink')
          if (message.kind === 'about-to-call') child.goOn()
          if (message.kind === 'closed') open = message.openHandles
        }
      } catch (error) {
        child.kill()
        throw error
      }
      expectThat(
        await child.endsWithin(endMs),
        () =>
          'expected the process to end by itself after close, and something kept it: a connection, a timer, a worker',
      )
      expectThat(
        open.length === 0,
        () => `expected nothing to be open after close, and found ${open.join(', ')}`,
      )
    },
  },
]
