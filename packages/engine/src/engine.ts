import type { Logger } from '@cdrstream/plugin'
import { BodyMemory } from './body-memory.ts'
import { Broadcast } from './broadcast.ts'
import { type CollectEnd, collect } from './collect-loop.ts'
import { CredentialLane } from './credential-lane.ts'
import { type DeliverEnd, deliver } from './deliver-loop.ts'
import type { EngineOptions } from './engine-options.ts'
import { MarkBoard } from './mark-board.ts'

export interface Engine {
  /** Resolves when everything has ended: at once after `stop`, or by itself with mode `once`. */
  readonly ended: Promise<EngineEnd>
  /** Ends collecting, delivers and flushes what there is, for as long as `stopMs` allows. */
  stop(): void
}

export interface EngineEnd {
  /** By org. */
  readonly orgs: ReadonlyMap<string, CollectEnd>
  /** By sink. */
  readonly sinks: ReadonlyMap<string, DeliverEnd>
}

/** Of all orgs: page bodies that are decoded or worked on at once, and bytes of bodies that are still being received. */
const bodyLimits = { pages: 2, bytes: 32_000_000 }
/** What delivery may still take after `stop`. */
const stopMs = 10_000
const housekeepingEveryMs = 60_000

/** Starts the collect loop of each org and the deliver loop of each sink. */
export function startEngine(options: EngineOptions): Engine {
  const stopping = new AbortController()
  return { ended: runLoops(options, stopping.signal), stop: () => stopping.abort() }
}

async function runLoops(options: EngineOptions, stopping: AbortSignal): Promise<EngineEnd> {
  const { journal, terms, platform, log } = options
  const committed = new Broadcast()
  const marks = new MarkBoard()
  const bodies = new BodyMemory(bodyLimits)
  const lanes = new Map<string, CredentialLane>()
  for (const { credential } of options.orgs) {
    if (!lanes.has(credential))
      lanes.set(credential, new CredentialLane(credential, journal, terms, platform))
  }
  await recoverLanes([...lanes.values()], options, stopping)

  const draining = new AbortController()
  const deadline = new AbortController()
  const delivered = new AbortController()
  stopping.addEventListener('abort', () => void endInTime(options, deadline, delivered.signal))
  const collecting = options.orgs.map(async (org) => {
    const lane = lanes.get(org.credential)
    if (lane === undefined) throw new Error('an org without a lane')
    const sharedBy = options.orgs.filter(({ credential }) => credential === org.credential).length
    return [
      org.name,
      await collect({ ...options, org, lane, sharedBy, bodies, committed, marks }, stopping),
    ] as const
  })
  const delivering = options.sinks.map(async (setup) => {
    const signals = { draining: draining.signal, deadline: deadline.signal }
    return [setup.name, await deliver({ ...options, setup, committed, marks, ...signals })] as const
  })
  const housekeeping = keepHouse(options, draining.signal)

  const orgs = new Map(await Promise.all(collecting))
  draining.abort()
  const sinks = new Map(await Promise.all(delivering))
  delivered.abort()
  await housekeeping
  log.info('ended', { orgs: Object.fromEntries(orgs), sinks: Object.fromEntries(sinks) })
  return { orgs, sinks }
}

async function endInTime(
  options: EngineOptions,
  deadline: AbortController,
  delivered: AbortSignal,
): Promise<void> {
  await options.platform.clock.sleep(stopMs, delivered)
  deadline.abort()
}

/** Without this no request may be sent: the journal has to take it, however long that lasts. */
async function recoverLanes(
  lanes: readonly CredentialLane[],
  { platform, log }: { platform: EngineOptions['platform']; log: Logger },
  stopping: AbortSignal,
): Promise<void> {
  for (const lane of lanes) {
    while (!stopping.aborted) {
      try {
        await lane.recover()
        break
      } catch (cause) {
        log.warn('the journal failed: waiting', { cause: String(cause) })
        await platform.clock.sleep(5_000, stopping)
      }
    }
  }
}

async function keepHouse(options: EngineOptions, ending: AbortSignal): Promise<void> {
  const { journal, platform, sinks, log } = options
  const names = sinks.map(({ name }) => name)
  while (!ending.aborted) {
    try {
      const { sinkGaps } = await journal.prune(platform.clock.nowMs(), names)
      for (const { sink, from, to } of sinkGaps) {
        log.error('the journal is full: the sink loses records that it had not taken', {
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
