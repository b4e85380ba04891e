import type { DeliveryEnd, WholeMs } from '@cdrstream/core'
import { BodyMemory } from './body-memory.ts'
import { Broadcast } from './broadcast.ts'
import { collect } from './collect-loop.ts'
import type { CollectEnd } from './collect-options.ts'
import { CredentialLane } from './credential-lane.ts'
import { deliver } from './deliver-loop.ts'
import type { EngineOptions } from './engine-options.ts'
import { guardActivity } from './guard-activity.ts'
import { guardObserver } from './guard-observer.ts'
import { JournalClock } from './journal-clock.ts'
import { MarkBoard } from './mark-board.ts'
import { PageTraces } from './page-traces.ts'
import type { ScopeProgress } from './ports/index.ts'
import { recoverBudgets } from './recover-budgets.ts'
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
  const committed = new Broadcast()
  return {
    ended: runLoops(options, stopping.signal, controls, committed),
    stop: () => stopping.abort(),
    sink: (name) => controls.get(name),
    recordsAppended: () => committed.notify(),
  }
}

async function runLoops(
  given: EngineOptions,
  stopping: AbortSignal,
  controls: ReadonlyMap<string, ControlBox>,
  committed: Broadcast,
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
  const lanes = new Map<string, CredentialLane>()
  for (const { credential } of options.orgs) {
    if (!lanes.has(credential))
      lanes.set(credential, new CredentialLane(credential, journal, terms, platform))
  }
  let newestAcceptedAtMs: WholeMs | undefined
  // No request may be sent before the budgets are recovered.
  await retryUntilDone(
    () => recoverBudgets(journal, lanes.keys(), terms, platform.clock.nowMs(), platform.boot),
    options,
    ending,
  )
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
  const collecting = options.orgs.map(async (org) => {
    const lane = lanes.get(org.credential)
    if (lane === undefined) throw new Error(`no lane for the credential of the org ${org.name}`)
    const orgsOfCredential = options.orgs.filter(({ credential }) => credential === org.credential).length
    const end = await collect(
      { ...options, org, lane, orgsOfCredential, bodies, committed, marks, time, stall, pages },
      ending,
    )
    return [org.name, end === 'stopped' && !stopping.aborted ? 'failed' : end] as const
  })
  const delivering = options.sinks.map(async (setup) => {
    const signals = { draining: draining.signal, deadline: deadline.signal }
    const control = controls.get(setup.name) ?? new ControlBox()
    const shared = { committed, marks, time, stall, pages }
    const end = await deliver({ ...options, setup, control, ...shared, ...signals })
    return [setup.name, end] as const
  })
  const housekeeping = runHousekeeping(options, time, draining.signal)

  const orgs = new Map(await Promise.all(collecting))
  draining.abort()
  const sinks = new Map(await Promise.all(delivering))
  finished.abort()
  await housekeeping
  log.info('ended', { orgs: Object.fromEntries(orgs), sinks: Object.fromEntries(sinks) })
  return { orgs, sinks }
}

/**
 * Posts the progress of earlier processes: sinks have marks to publish before anything new is read, and an
 * emptied sink has marks to retract, including marks of orgs that are no longer configured.
 */
async function postKnownProgress({ journal, orgs }: EngineOptions, marks: MarkBoard): Promise<void> {
  const { offset } = await journal.end()
  const configured = new Map(orgs.map(({ name, scope }) => [name, scope]))
  const newestSec = ({ progress: { originPresumed, coverage, originSec } }: ScopeProgress) =>
    originPresumed === undefined ? (coverage.at(-1)?.toSec ?? originSec) : 0
  // For an org that is not configured, the last posted scope applies, which is the last one collected.
  const scopes = (await journal.scopes()).toSorted((a, b) => newestSec(a) - newestSec(b))
  for (const { org, scope, progress } of scopes) {
    if ((configured.get(org) ?? scope) === scope) marks.post(org, progress, offset)
  }
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

/** Retries this journal operation until it succeeds, no matter how long that takes. */
async function retryUntilDone(
  work: () => Promise<void>,
  { platform, log }: Pick<EngineOptions, 'platform' | 'log'>,
  stopping: AbortSignal,
): Promise<void> {
  while (!stopping.aborted) {
    try {
      return await work()
    } catch (cause) {
      log.warn('the journal failed; waiting', { cause: String(cause) })
      await platform.clock.sleep(5_000, stopping)
    }
  }
}

async function runHousekeeping(
  options: EngineOptions,
  time: JournalClock,
  ending: AbortSignal,
): Promise<void> {
  const { journal, platform, sinks, log } = options
  const names = sinks.map(({ name }) => name)
  while (!ending.aborted) {
    try {
      const { sinkGaps } = await journal.prune(time.observedMs(), names)
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
