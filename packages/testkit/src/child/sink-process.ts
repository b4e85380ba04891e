import { tmpdir } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import type { Batch } from '@cdrstream/plugin'
import { toSink } from '@cdrstream/plugin'
import { oneLineOf } from '../check-failure.ts'
import type { CallableSink } from '../delivery/callable-sink.ts'
import { deliver } from '../delivery/deliver.ts'
import { TrialJournal } from '../delivery/trial-journal.ts'
import { SinkOutput } from '../sink-output.ts'
import { type AnyPlugin, TrialSink } from '../trial-sink.ts'
import type { Instruction, Job, Message } from './job.ts'
import { handlesSince, openHandles } from './open-handles.ts'

// The process that gets killed. Its parent sends it a job, and an instruction before each call that writes.

/** How long to wait for handles to close, because connections close with a delay. */
const closingMs = 2_000
const maxEndMs = 30_000

process.once('message', (job: Job) => {
  runJob(job)
    .catch((error) => send({ kind: 'failed', reason: oneLineOf(error) }))
    .finally(() => {
      process.off('disconnect', exit)
      process.disconnect()
      // Exits if the parent is gone, even if something keeps this process alive. The timer itself does not
      // keep it alive.
      setTimeout(exit, maxEndMs).unref()
    })
})
// The parent has died.
process.once('disconnect', exit)

function exit(): void {
  process.exit(1)
}

async function runJob(job: Job): Promise<void> {
  const { default: plugin } = (await import(job.module)) as { readonly default?: AnyPlugin }
  if (plugin === undefined)
    throw new TypeError(`expected ${job.module} to have the plugin as its default export`)
  const before = openHandles()
  const { sink, traits } = await createSink(plugin, job.given)
  const journal = new TrialJournal(job.records, job.incarnation)
  journal.acknowledge(job.acknowledged)
  for (let session = 0; session < job.idleSessions; session += 1) {
    await sink.open(journal.recorded)
    await sink.close()
  }
  await deliver(pausingBeforeCalls(sink), journal, {
    traits,
    patienceMs: job.patienceMs,
    batchRecords: job.batchRecords,
    flushEvery: job.flushEvery,
    onAcknowledged: (position) => send({ kind: 'acknowledged', position }),
  })
  for (const [offset, reason] of journal.refused) await send({ kind: 'refused', offset, reason })
  await sink.close()
  await send({ kind: 'closed', openHandles: await handlesLeft(before) })
}

async function createSink(plugin: AnyPlugin, given: object) {
  const valid = await plugin.options['~standard'].validate(given)
  if (valid.issues !== undefined)
    throw new TypeError('expected the options to also be valid in a child process')
  const traits = typeof plugin.traits === 'function' ? plugin.traits(valid.value) : plugin.traits
  const output = new SinkOutput()
  const context = { name: 'certified', baseDirectory: tmpdir(), log: output.log }
  const sink = toSink(plugin.create(valid.value, context))
  return { sink: new TrialSink(sink, output, traits.timeoutMs), traits }
}

function pausingBeforeCalls(sink: TrialSink): CallableSink {
  const asked = async <Outcome>(call: 'write' | 'flush', make: () => Promise<Outcome>): Promise<Outcome> => {
    const instruction = new Promise<Instruction>((resolve) => process.once('message', resolve))
    await send({ kind: 'about-to-call', call })
    const { dieAfterMs } = await instruction
    if (dieAfterMs !== undefined) killSelfAfter(dieAfterMs)
    const startedMs = performance.now()
    const outcome = await make()
    await send({ kind: 'called', call, tookMs: performance.now() - startedMs })
    return outcome
  }
  return {
    open: (acknowledged) => sink.open(acknowledged),
    timedWrite: (batch: Batch) => asked('write', () => sink.timedWrite(batch)),
    release: () => sink.release(),
    flush: () => (sink.session.flush === undefined ? sink.flush() : asked('flush', () => sink.flush())),
  }
}

function killSelfAfter(ms: number): void {
  const die = () => process.kill(process.pid, 'SIGKILL')
  // A timer takes at least a millisecond, by which time a fast sink has already finished writing.
  if (ms < 1) setImmediate(die)
  else setTimeout(die, ms)
}

async function handlesLeft(before: ReadonlyMap<string, string>): Promise<readonly string[]> {
  const untilMs = performance.now() + closingMs
  let left = handlesSince(before)
  while (left.length > 0 && performance.now() < untilMs) {
    await delay(20)
    left = handlesSince(before)
  }
  return left
}

function send(message: Message): Promise<void> {
  return new Promise((resolve, reject) => {
    process.send?.(message, (error: Error | null) => (error ? reject(error) : resolve()))
  })
}
