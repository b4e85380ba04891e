import { setTimeout as delay, setImmediate as turn } from 'node:timers/promises'
import type { Batch, Call } from '@cdrstream/plugin'
import type { CheckDefinition } from '../check-definition.ts'
import { expectThat } from '../check-failure.ts'
import { attempt, graceMs } from '../delivery/call-sink.ts'
import { TrialJournal } from '../delivery/trial-journal.ts'
import { kindOf } from '../kind-of.ts'
import { ordinaryRecords } from '../records/kinds-of-records.ts'
import { expectShown } from '../shown/expect-shown.ts'
import type { Trial } from '../trial.ts'
import { openCall, type TrialSink } from '../trial-sink.ts'

/** By this time, a call has reached the point where it hangs. */
const hangingMs = 100
const slices = 20
const records = 300
const batchRecords = 50

export const abortChecks: readonly CheckDefinition[] = [
  {
    name: 'abort-settles',
    title: 'an aborted open, write or flush settles within 1 s, and no record is lost or duplicated',
    needs: ['readBack'],
    async run(trial) {
      const journal = new TrialJournal(ordinaryRecords(records, trial.org))
      const sink = trial.create()
      for (const moment of [() => turn(), async () => {}]) await expectSettled(sink, journal, moment)
      if (trial.certification.breakIt?.hang !== undefined) await expectSettledWhileHanging(trial, journal)
      await trial.deliver(journal, { batchRecords })
      await expectShown(trial, journal.records)
    },
  },
]

type Moment = () => Promise<unknown>

/** Closes and reopens the sink after each aborted call, as the engine does. */
async function expectSettled(sink: TrialSink, journal: TrialJournal, moment: Moment): Promise<void> {
  await expectOpenSettles(sink, journal, moment)
  const first = await reopen(sink, journal)
  await expectSettles('write', (call) => sink.session.write(first, call), moment)
  const second = await reopen(sink, journal)
  await sink.write(second)
  await expectSettles('flush', async (call) => sink.session.flush?.(call), moment)
}

async function expectSettledWhileHanging(trial: Trial, journal: TrialJournal): Promise<void> {
  const sink = trial.create()
  const batch = await reopen(sink, journal)
  const other = trial.create()
  const moment = () => delay(hangingMs)
  await trial.whileBroken('hang', async () => {
    await expectSettles('write', (call) => sink.session.write(batch, call), moment)
    await expectSettles('flush', async (call) => sink.session.flush?.(call), moment)
    await expectOpenSettles(other, journal, moment)
  })
}

/** Closes the session if the aborted call opens one. */
async function expectOpenSettles(
  { sink }: TrialSink,
  { recorded }: TrialJournal,
  moment: Moment,
): Promise<void> {
  await expectSettles(
    'open',
    async (call) => {
      const outcome = await sink.open(openCall(call, recorded))
      if (outcome.kind === 'opened') await outcome.session.close?.(neverAborted)
    },
    moment,
  )
}

const neverAborted: Call = { signal: new AbortController().signal }

/** Opens the sink and returns the next batch for it. */
async function reopen(sink: TrialSink, journal: TrialJournal): Promise<Batch> {
  const outcome = await sink.open(journal.recorded)
  expectThat(
    outcome.kind === 'opened',
    () => `expected open to succeed after an aborted call, but found ${kindOf(outcome)}`,
  )
  const { position } = outcome
  const next = position?.incarnation === journal.incarnation ? position : journal.acknowledged
  return journal.batch(next, { records: batchRecords, bytes: 8_000_000 })
}

async function expectSettles(
  name: string,
  work: (call: Call) => Promise<unknown>,
  moment: Moment,
): Promise<void> {
  const controller = new AbortController()
  const settled = attempt(async () => work({ signal: controller.signal })).then(() => true)
  await moment()
  controller.abort(new Error('aborted by the check'))
  // Waits in slices, so that a pause in this process is not mistaken for a sink that does not settle.
  let inTime = false
  for (let slice = 0; slice < slices && !inTime; slice += 1) {
    inTime = await Promise.race([settled, delay(graceMs / slices, false)])
  }
  expectThat(inTime, () => `expected an aborted ${name} to settle within ${graceMs} ms, but it did not`)
}
