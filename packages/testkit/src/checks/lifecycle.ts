import type { CheckDefinition } from '../check-definition.ts'
import { CheckFailure, expectThat } from '../check-failure.ts'
import { startSinkProcess } from '../child/run-sink-process.ts'
import { TrialJournal } from '../delivery/trial-journal.ts'
import { kindOf } from '../kind-of.ts'
import { ordinaryRecords } from '../records/kinds-of-records.ts'
import { expectShown } from '../shown/expect-shown.ts'

/** How long a process may take to exit. It exits at once if nothing is open, but the machine may be busy. */
const endMs = 5_000

export const lifecycleChecks: readonly CheckDefinition[] = [
  {
    name: 'opens-again',
    title: 'the same sink can be opened again after its session has been closed, whether or not it wrote',
    needs: ['readBack'],
    async run(trial) {
      const journal = new TrialJournal(ordinaryRecords(6, trial.org))
      const sink = trial.create()
      for (const end of [0, 0, 3, 6]) {
        const opened = await sink.open(journal.recorded)
        expectThat(
          opened.kind === 'opened',
          () => `expected open to succeed again after close, but found ${kindOf(opened)}`,
        )
        await trial.deliver(journal, { sink, from: journal.acknowledged, until: journal.position(end) })
        await sink.close()
      }
      await expectShown(trial, journal.records)
    },
  },
  {
    name: 'handles-released',
    title: 'no file or connection is open after two sessions were closed, and the process exits by itself',
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
          if (message.kind === 'about-to-call') child.proceed()
          if (message.kind === 'closed') open = message.openHandles
        }
      } catch (error) {
        child.kill()
        throw error
      }
      expectThat(
        await child.endsWithin(endMs),
        () =>
          'expected the process to exit by itself after close, but something kept it alive, such as ' +
          'a connection, a timer or a worker',
      )
      expectThat(
        open.length === 0,
        () => `expected nothing to be open after close, but found ${open.join(', ')}`,
      )
    },
  },
]
