import { createHash } from 'node:crypto'
import type { Terms } from '@cdrstream/core'
import {
  type Clock,
  type Engine,
  type Journal,
  type OrgSetup,
  type SinkSetup,
  startEngine,
} from '@cdrstream/engine'
import type { Sink } from '@cdrstream/plugin'
import type { Simulator } from '@cdrstream/simulator'
import { Chance } from '@cdrstream-internal/chance'
import { type VirtualTime, working } from '@cdrstream-internal/virtual-time'
import type { MarkCheck } from '../oracle/check-marks.ts'
import type { Findings } from '../oracle/findings.ts'
import type { Plan } from '../plan/plan.ts'
import { watchedSink } from '../sinks/session-watch.ts'
import { noTroubles } from '../sinks/sink-troubles.ts'
import { troubledSink } from '../sinks/troubled-sink.ts'
import type { SituationBook } from '../situations.ts'
import type { Configuration } from './configuration.ts'
import { fullJournal } from './full-journal.ts'
import type { HeldBodies } from './held-bodies.ts'
import { type JournalObserver, observedJournal } from './observed-journal.ts'
import { orgSource, type TokenStores } from './org-sources.ts'
import { simulatedTransport } from './simulated-transport.ts'
import type { SinkPlace } from './sink-place.ts'
import { killableSink, type Process, reliable, unreliable } from './unreliable.ts'

export interface ProcessParts {
  readonly plan: Plan
  readonly time: VirtualTime
  readonly simulator: Simulator
  readonly journal: Journal
  readonly observer: JournalObserver
  readonly configuration: Configuration
  readonly places: Iterable<SinkPlace>
  readonly marks: ReadonlyMap<SinkPlace, MarkCheck>
  readonly tokens: TokenStores
  readonly bodies: HeldBodies
  readonly findings: Findings
  readonly situations: SituationBook
  readonly clock: Clock
  readonly boot: { readonly id: string; readonly atMs: number }
  readonly process: Process
  /** The seed of this process. */
  readonly seed: number
  /** Returns whether all faults are turned off. */
  readonly isCalm: () => boolean
  readonly newId: () => string
}

/** Starts an engine in this world. */
export function startProcess(parts: ProcessParts): Engine {
  const { plan, time, journal, clock, boot, situations, process, isCalm } = parts
  const chance = new Chance(parts.seed)
  const retries = new Chance(parts.seed)
  const shares = () => (isCalm() ? reliable : plan.journal.troubles)
  const isFull = () =>
    !isCalm() &&
    plan.journal.full.some(({ fromMs, toMs }) => isWithin(time.nowMs - plan.startMs, fromMs, toMs))
  const observed = observedJournal(journal, parts.observer)
  const full = fullJournal(working(observed, time), isFull, () => situations.happened('journal-full'))
  return startEngine({
    orgs: orgSetups(parts, chance, shares),
    sinks: [...parts.places].flatMap((place) => sinkSetup(place, parts, chance, shares)),
    terms: engineTerms(plan),
    platform: {
      clock,
      boot,
      digest: (text) => createHash('sha1').update(text).digest('hex'),
      newId: parts.newId,
      chance: () => retries.next(),
    },
    journal: unreliable(full, process, chance, shares, () => situations.happened('journal-failed')),
    log: { debug() {}, info() {}, warn() {}, error() {} },
    mode: plan.mode.kind,
  })
}

function orgSetups(
  { plan, time, simulator, configuration, situations, tokens, bodies, clock, process, isCalm }: ProcessParts,
  chance: Chance,
  shares: () => typeof reliable,
): readonly OrgSetup[] {
  const kills = () => ({ ...shares(), failBefore: 0, failAfter: 0 })
  return [...configuration.orgs].map(([first, now]) => {
    const planned = plan.orgs.find(({ name }) => name === first)
    if (planned === undefined) throw new Error(`the org "${first}" is not in the plan`)
    const transport = simulatedTransport(
      simulator,
      time,
      chance,
      () => (isCalm() ? 500 : plan.longestDelayMs),
      (status) => recordStatus(status, situations),
    )
    const source = orgSource(planned, plan.api, { clock, transport, tokens })
    return {
      name: now,
      scope: now,
      credential: planned.credential === first ? now : planned.credential,
      source: unreliable(
        bodies.counted(source, () => process.killed),
        process,
        chance,
        kills,
      ),
      reachMs: plan.api.reachMs,
    }
  })
}

function recordStatus(status: number, situations: SituationBook): void {
  if (status === 429) situations.happened('limited')
  if (status === 400) situations.happened('request-refused-400')
  if (status === 401) situations.happened('request-refused-401')
  if (status === 403) situations.happened('request-refused-403')
  if (status === 451) situations.happened('request-refused-451')
}

function sinkSetup(
  place: SinkPlace,
  { time, marks, findings, situations, process, isCalm, plan }: ProcessParts,
  chance: Chance,
  shares: () => typeof reliable,
): readonly SinkSetup[] {
  const { name, store, plan: planned } = place
  if (name === undefined) return []
  const { traits } = store
  const troubles = () => (isCalm() ? { ...noTroubles, poison: planned.troubles.poison } : planned.troubles)
  const troubled = troubledSink({
    sink: markingSink(store.connect(), place, marks.get(place), time, situations),
    traits,
    chance,
    nowMs: () => time.nowMs - plan.startMs,
    troubles,
    situations,
    refused: ({ org, key, rank }) => void place.refused.add(`${org}|${key}|${rank}`),
  })
  const watched = watchedSink(troubled, traits, (what) => findings.add('contract', `${name}: ${what}`))
  if (planned.from === 'now') situations.happened('sink-from-now')
  return [{ name, traits, from: planned.from, sink: killableSink(watched, process, chance, shares) }]
}

/** Wraps a sink to check each mark at the moment it is stored. */
function markingSink(
  sink: Sink,
  place: SinkPlace,
  check: MarkCheck | undefined,
  time: VirtualTime,
  situations: SituationBook,
): Sink {
  return {
    async open(call) {
      const opened = await sink.open(call)
      if (opened.kind !== 'opened') return opened
      const { session } = opened
      const { mark } = session
      if (mark === undefined) return opened
      return {
        ...opened,
        session: {
          ...session,
          async mark(given, markCall) {
            await mark.call(session, given, markCall)
            for (const each of given) {
              situations.happened('mark-checked')
              for (const { reason } of each.gaps) {
                if (reason === 'refused') situations.happened('mark-with-refused')
                if (reason === 'not-delivered') situations.happened('mark-with-lost')
                if (reason === 'not-collected') situations.happened('mark-with-uncollected')
              }
              if (!place.awaitsRefill) check?.check(each, time.nowMs)
            }
          },
        },
      }
    },
  }
}

function engineTerms({ api }: Plan): Terms {
  const { initialRequests, pageRequests, settleMs, retentionMs, maxWindowMs } = api.configured
  return {
    pageSize: api.pageSize,
    initialRequests,
    pageRequests,
    stream: { settleMs, retentionMs, maxWindowMs },
  }
}

function isWithin(atMs: number, fromMs: number, toMs: number): boolean {
  return fromMs <= atMs && atMs < toMs
}
