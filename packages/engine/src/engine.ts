import type { DeliveryEnd, WholeMs } from '@cdrstream/core'
import { applyChange } from './apply-change.ts'
import { BodyMemory } from './body-memory.ts'
import { Broadcast } from './broadcast.ts'
import { type ChangeEnd, ChangeQueue, type EngineChange } from './change-queue.ts'
import { collect } from './collect-loop.ts'
import type { CollectEnd } from './collect-options.ts'
import { CredentialLanes } from './credential-lanes.ts'
import { deliver } from './deliver-loop.ts'
import type { EngineOptions, OrgSetup, SinkSetup } from './engine-options.ts'
import { guardActivity } from './guard-activity.ts'
import { guardObserver } from './guard-observer.ts'
import { JournalClock } from './journal-clock.ts'
import { LoopSet, type NamedEnd } from './loop-set.ts'
import { MarkBoard } from './mark-board.ts'
import { PageTraces } from './page-traces.ts'
import { postKnownProgress } from './post-known-progress.ts'
import { retryUntilDone } from './retry-until-done.ts'
import { ControlBox, type SinkControl } from './sink-control.ts'
import { StallWatch } from './stall-watch.ts'

/** A running engine. */
export interface Engine {
  /** Resolves when everything has ended: soon after `stop`, or when done with mode `once`. */
  readonly ended: Promise<EngineEnd>
  /** Stops collecting, then delivers and flushes all collected records, within ten seconds. */
  stop(): void
  /** Returns the controls of a sink; undefined if the engine has no such sink. */
  sink(name: string): SinkControl | undefined
  /**
   * Stops the orgs and sinks that are removed or changed, and starts those that are added or changed.
   * Requires mode `continuous`. Before a sink stops, it receives the records that were already read for it,
   * and is flushed and closed, within ten seconds. Changes are applied one at a time.
   */
  apply(change: EngineChange): Promise<ChangeEnd>
  /** Wakes the sinks when another part of the process has added records to the journal. */
  recordsAppended(): void
}

/** How everything ended. */
export interface EngineEnd {
  /** By org name. */
  readonly orgs: ReadonlyMap<string, CollectEnd>
  /** By sink name. */
  readonly sinks: ReadonlyMap<string, DeliveryEnd>
}

/**
 * The limits across all orgs: page bodies decoded or processed at once, and bytes of bodies still being
 * received.
 */
const bodyLimits = { pages: 2, bytes: 32_000_000 }
/** How long delivery can take after `stop`. */
const shutdownMs = 10_000
const defaultTimeoutMs = 120_000
const housekeepingEveryMs = 60_000

/** Starts the collect loop of each org and the deliver loop of each sink. */
export function startEngine(options: EngineOptions): Engine {
  const stopping = new AbortController()
  const controls = new Map(options.sinks.map(({ name }) => [name, new ControlBox()]))
  const hold = { stopping: stopping.signal, controls, committed: new Broadcast(), changes: new ChangeQueue() }
  return {
    ended: runLoops(options, hold),
    stop: () => stopping.abort(),
    sink: (name) => controls.get(name),
    recordsAppended: () => hold.committed.notify(),
    apply(change) {
      if (options.mode === 'once') throw new Error('an engine with mode once cannot be changed')
      return hold.changes.add(change)
    },
  }
}

/** What an engine is steered by. */
interface EngineHold {
  readonly stopping: AbortSignal
  /** By the names of the sinks that are to run. */
  readonly controls: Map<string, ControlBox>
  /** Notified of new records. */
  readonly committed: Broadcast
  readonly changes: ChangeQueue
}

async function runLoops(
  given: EngineOptions,
  { stopping, controls, committed, changes }: EngineHold,
): Promise<EngineEnd> {
  const observer = guardObserver(given)
  const activity = guardActivity(given)
  const options = { ...given, ...(observer && { observer }), ...(activity && { activity }) }
  const { journal, terms, platform, log } = options
  const finished = new AbortController()
  const stalling = new AbortController()
  const stall = new StallWatch(platform.clock, options.timeoutMs ?? defaultTimeoutMs)
  if (options.mode === 'once') void giveUpWhenStalled(stall, options, stalling, finished.signal)
  const ending = AbortSignal.any([stopping, stalling.signal])
  const marks = new MarkBoard(terms.stream.retentionMs)
  const bodies = new BodyMemory(bodyLimits)
  const pages = new PageTraces()
  const lanes = new CredentialLanes(options)
  lanes.use(options.orgs)
  let newestAcceptedAtMs: WholeMs | undefined
  // No request may be sent before the budgets are recovered.
  await retryUntilDone(() => lanes.recover(), options, ending)
  await retryUntilDone(
    async () => {
      newestAcceptedAtMs = await journal.newestAcceptedAtMs()
    },
    options,
    ending,
  )
  await retryUntilDone(() => postKnownProgress(options, marks), options, ending)
  const time = new JournalClock(platform.clock, newestAcceptedAtMs)

  const draining = new AbortController()
  const deadline = new AbortController()
  whenAborted(ending, () => void endInTime(options, deadline, finished.signal))
  // Sinks that make no progress while draining have used up their time.
  whenAborted(stalling.signal, () => draining.signal.aborted && deadline.abort())
  const shared = { committed, marks, time, stall, pages }
  const orgLoops = new LoopSet<OrgSetup, CollectEnd>(async (org, leaving) => {
    const orgsOfCredential = () => lanes.orgsOf(org.credential)
    const end = await collect(
      { ...options, org, lane: lanes.of(org), orgsOfCredential, ...shared, bodies },
      AbortSignal.any([ending, leaving]),
    )
    return [org.name, end === 'stopped' && !stopping.aborted ? 'failed' : end] as const
  })
  const sinkLoops = new LoopSet<SinkSetup, DeliveryEnd>(async (setup, leaving) => {
    const late = new AbortController()
    const hasEnded = new AbortController()
    whenAborted(leaving, () => void endInTime(options, late, hasEnded.signal))
    const signals = {
      draining: AbortSignal.any([draining.signal, leaving]),
      leaving,
      deadline: AbortSignal.any([deadline.signal, late.signal]),
    }
    const control = controls.get(setup.name) ?? new ControlBox()
    const end = await deliver({ ...options, setup, control, ...shared, ...signals })
    hasEnded.abort()
    return [setup.name, end] as const
  })
  for (const org of options.orgs) orgLoops.start(org)
  for (const sink of options.sinks) sinkLoops.start(sink)
  const housekeeping = runHousekeeping(options, controls, time, draining.signal)
  const running = { options, orgs: orgLoops, sinks: sinkLoops, lanes, marks, controls, ending }
  changes.begin((change) => applyChange(change, running))
  whenAborted(ending, () => changes.close())

  let version: number
  let orgEnds: readonly NamedEnd<CollectEnd>[]
  do {
    // A change may start orgs when no other runs.
    if (changes.busy !== undefined) await changes.busy
    version = orgLoops.version
    orgEnds = await orgLoops.ended()
  } while (changes.busy !== undefined || version !== orgLoops.version)
  const orgs = new Map(orgEnds)
  changes.close()
  draining.abort()
  const sinks = new Map(await sinkLoops.ended())
  finished.abort()
  await housekeeping
  log.info('ended', { orgs: Object.fromEntries(orgs), sinks: Object.fromEntries(sinks) })
  return { orgs, sinks }
}

async function giveUpWhenStalled(
  stall: StallWatch,
  { log }: EngineOptions,
  stalling: AbortController,
  finished: AbortSignal,
): Promise<void> {
  if (!(await stall.stalled(finished))) return
  log.error('no progress; giving up', { code: 'no-progress' })
  stalling.abort()
}

function whenAborted(signal: AbortSignal, act: () => void): void {
  if (signal.aborted) act()
  else signal.addEventListener('abort', act)
}

async function endInTime(
  options: EngineOptions,
  deadline: AbortController,
  finished: AbortSignal,
): Promise<void> {
  await options.platform.clock.sleep(shutdownMs, finished)
  deadline.abort()
}

async function runHousekeeping(
  { journal, platform, log }: EngineOptions,
  sinks: ReadonlyMap<string, ControlBox>,
  time: JournalClock,
  ending: AbortSignal,
): Promise<void> {
  while (!ending.aborted) {
    try {
      const { sinkGaps } = await journal.prune(time.observedMs(), [...sinks.keys()])
      for (const { sink, from, to } of sinkGaps) {
        log.error('the journal is full; deleted records that the sink had not received', {
          sink,
          records: to.offset - from.offset,
        })
      }
    } catch (cause) {
      log.warn('the journal could not be pruned', { cause: String(cause) })
    }
    await platform.clock.sleep(housekeepingEveryMs, ending)
  }
}
