import type { Clock } from '@cdrstream/engine'
import { compareWithLedger } from '@cdrstream/simulator'
import { deliveredLines } from '../simulate/delivered-lines.ts'
import type { DemoCollector } from './demo-collector.ts'
import type { DemoDirectory } from './demo-directory.ts'
import type { DemoResult } from './demo-result.ts'
import { countShown, countUnread, type DemoSimulator, demoTerms } from './demo-simulator.ts'
import type { JournalSight, JournalWatch } from './journal-watch.ts'
import type { LiveView } from './live-view.ts'

export interface DemoMeans {
  readonly api: DemoSimulator
  readonly collector: DemoCollector
  readonly watch: JournalWatch
  readonly view: LiveView
  readonly directory: DemoDirectory
  readonly clock: Clock
  /** How long the demo simulates calls, in milliseconds. */
  readonly forMs: number
  /** Aborted when the user stops the demo. */
  readonly stopping: AbortSignal
}

export type DemoEnd =
  | { readonly kind: 'result'; readonly result: DemoResult }
  | { readonly kind: 'stopped' }
  /** The collector ended unexpectedly, or did not end. */
  | { readonly kind: 'collector'; readonly problem: string }

const lookEveryMs = 200
const killAt = 0.4
/** After the calls end, the rest is usually read within seconds. A series of faults takes longer. */
const longestDrainMs = 60_000

/** Runs a demo, from the first call to the final comparison. */
export async function runDemo(means: DemoMeans): Promise<DemoEnd> {
  const { api, collector, clock, forMs, view, stopping } = means
  const startMs = clock.nowMs()
  collector.start()
  await watchUntil(means, startMs, 'collecting', () => clock.nowMs() >= startMs + killAt * forMs)
  if (!isOver(means)) {
    await collector.kill()
    view.say('killed the collector with SIGKILL and restarted it')
    collector.start()
  }
  await watchUntil(means, startMs, 'collecting after SIGKILL', () => clock.nowMs() >= startMs + forMs)
  if (!isOver(means)) {
    api.simulator.stopCalls()
    view.say('no more calls; collecting the rest')
    await drain(means, startMs)
  }
  const { accident } = collector
  const end = await collector.stop()
  if (stopping.aborted) return { kind: 'stopped' }
  const { code, signal } = accident ?? end
  if (code !== 0 || accident !== undefined) {
    return { kind: 'collector', problem: `the collector ended with ${signal ?? `code ${code}`}` }
  }
  return { kind: 'result', result: await compare(means) }
}

/** Waits until everything that can be read is in the journal and in the files, within a time limit. */
async function drain(means: DemoMeans, startMs: number): Promise<void> {
  const { api, clock } = means
  const cutMs = clock.nowMs() + demoTerms.settleMs
  const giveUpMs = clock.nowMs() + longestDrainMs
  const read = () => clock.nowMs() > cutMs && countUnread(api.simulator, cutMs) === 0
  await watchUntil(means, startMs, 'collecting the rest', () => read() || clock.nowMs() > giveUpMs)
  // Legs of long calls would arrive for minutes. From now on, the API returns nothing new, so that the
  // comparison covers one moment.
  api.simulator.outage(0, Number.POSITIVE_INFINITY)
  const delivered = ({ inJournal, inFiles }: JournalSight) =>
    inJournal >= countShown(api.simulator) && inFiles >= inJournal
  await watchUntil(
    means,
    startMs,
    'publishing the last file',
    (sight) => delivered(sight) || clock.nowMs() > giveUpMs,
  )
}

async function watchUntil(
  means: DemoMeans,
  startMs: number,
  phase: string,
  reached: (sight: JournalSight) => boolean,
): Promise<void> {
  const { api, watch, view, clock, forMs, stopping } = means
  while (!isOver(means)) {
    const nowMs = clock.nowMs()
    const sight = await watch.look(nowMs)
    view.show({ ...sight, elapsedMs: nowMs - startMs, forMs, phase, shown: countShown(api.simulator) })
    if (reached(sight)) return
    await clock.sleep(lookEveryMs, stopping)
  }
}

function isOver({ stopping, collector }: DemoMeans): boolean {
  return stopping.aborted || collector.accident !== undefined
}

async function compare({ api, directory }: DemoMeans): Promise<DemoResult> {
  const { simulator } = api
  return {
    comparison: compareWithLedger(simulator.ledger, await deliveredLines(directory.records)),
    unread: countUnread(simulator, Number.NEGATIVE_INFINITY),
    violations: simulator.rateViolations(),
    records: `${directory.shown}/records`,
  }
}
