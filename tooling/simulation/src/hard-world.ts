import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Progress, spansAtLevel, type Terms } from '@cdrstream/core'
import { type Engine, type EngineOptions, type Journal, startEngine } from '@cdrstream/engine'
import { openJournal } from '@cdrstream/journal-sqlite'
import { toSink } from '@cdrstream/plugin'
import {
  contentOf,
  createSimulator,
  documentedTerms,
  type LedgerEntry,
  type Simulator,
  type SimulatorOptions,
  type SimulatorTerms,
} from '@cdrstream/simulator'
import { createFixedSignIn, createWebexSource } from '@cdrstream/source-webex'
import { Chance } from '@cdrstream-internal/chance'
import { ProcessClock, VirtualTime, working } from '@cdrstream-internal/virtual-time'
import { simulatedTransport } from './world/simulated-transport.ts'

export const minuteMs = 60_000
export const startMs = Date.UTC(2026, 8, 24, 6)

/** The retention is only an hour, so that records expire within the duration of a test. */
export const hardTerms: SimulatorTerms = {
  ...documentedTerms,
  pageSize: { min: 1, max: 5_000 },
  retentionMs: 60 * minuteMs,
  maxWindowMs: 10 * minuteMs,
}

export interface HardOptions extends Pick<SimulatorOptions, 'behaviour' | 'faults' | 'mix'> {
  /** The terms that the API enforces. The collector is configured with `hardTerms`. */
  readonly terms?: SimulatorTerms
  readonly pageSize?: number
  readonly recordsPerMinute?: number
}

/** A world with one org, an API that is hard to read, and no crashes. */
export interface HardWorld {
  readonly simulator: Simulator
  /** The codes of all logged warnings. */
  readonly warnings: readonly string[]
  /**
   * Runs a collector for this long, or until it exits. Returns whether it exited on its own, as in mode
   * `once`.
   */
  run(ms: number, mode?: EngineOptions['mode']): Promise<boolean>
  /** Lets time pass without a collector. */
  pass(ms: number): Promise<void>
  progress(): Promise<Progress>
  /**
   * Returns records since the origin that are not in the sink, although they became available at least 5
   * minutes ago.
   */
  missing(): Promise<readonly LedgerEntry[]>
  gaps(): Promise<readonly { readonly fromMs: number; readonly toMs: number }[]>
  close(): Promise<void>
}

export async function hardWorld(options: HardOptions = {}): Promise<HardWorld> {
  const { terms = hardTerms, pageSize = 50, recordsPerMinute = 6, behaviour, faults, mix } = options
  const time = new VirtualTime(startMs)
  const simulator = createSimulator({
    seed: 1,
    clock: { nowMs: () => time.nowMs },
    orgs: [{ name: 'acme', token: 'token', recordsPerMinute }],
    terms,
    sinceMs: startMs - hardTerms.retentionMs,
    ...(behaviour && { behaviour }),
    ...(faults && { faults }),
    mix: { repeatShare: 0, revisionShare: 0, lateShare: 0, ...mix },
  })
  const directory = await mkdtemp(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'cdrstream-hard-'))
  let ids = 0
  const newId = () => String(++ids)
  const journal: Journal = await openJournal({
    path: join(directory, 'journal.db'),
    access: 'collector',
    minFreeDiskBytes: 0,
    nowMs: () => time.nowMs,
    randomId: newId,
  })
  const contents = new Set<string>()
  const sink = toSink({
    async write({ records }) {
      for (const { text } of records) contents.add(contentOf(text))
      return { kind: 'accepted' }
    },
  })
  const warnings: string[] = []

  function start(mode: EngineOptions['mode']): Engine {
    const clock = new ProcessClock(time, () => false)
    const source = createWebexSource({
      baseUrl: 'https://analytics-calling.webexapis.com/v1',
      signIn: createFixedSignIn({ reveal: () => 'token' }, clock),
      clock,
      transport: simulatedTransport(simulator, time, new Chance(2), () => 300),
      newTrackingId: () => 'tracking',
    })
    return startEngine({
      orgs: [{ name: 'acme', scope: 'acme', credential: 'acme', source, reachMs: 50 * minuteMs }],
      sinks: [{ name: 'keyed', sink, traits: { idempotence: 'key' }, from: 'earliest' }],
      terms: collectorTerms(pageSize),
      platform: { clock, digest: (text) => createHash('sha1').update(text).digest('hex'), newId },
      journal: working(journal, time),
      log: {
        debug() {},
        info() {},
        warn: (_, fields) => void warnings.push(String(fields?.code)),
        error() {},
      },
      mode,
    })
  }

  async function progress(): Promise<Progress> {
    const stored = await journal.progress('acme')
    if (stored === undefined) throw new Error('nothing was collected yet')
    return stored
  }

  return {
    simulator,
    warnings,
    progress,
    async run(ms, mode = 'continuous') {
      const engine = start(mode)
      let ended = false
      void engine.ended.then(() => {
        ended = true
      })
      const byItself = await time.passUntil(time.nowMs + ms, () => ended)
      engine.stop()
      await time.passUntil(time.nowMs + minuteMs, () => ended)
      return byItself
    },
    async pass(ms) {
      await time.passUntil(time.nowMs + ms)
    },
    async missing() {
      const { originSec } = await progress()
      return [...simulator.ledger.entries.values()].filter(
        ({ isRecord, insertionMs, availableMs, content }) =>
          isRecord &&
          insertionMs >= originSec * 1_000 &&
          availableMs < time.nowMs - 5 * minuteMs &&
          !contents.has(content),
      )
    },
    async gaps() {
      const { coverage } = await progress()
      return spansAtLevel(coverage, 'gap').map(({ fromSec, toSec }) => ({
        fromMs: fromSec * 1_000,
        toMs: toSec * 1_000,
      }))
    },
    async close() {
      await journal.close()
      await rm(directory, { recursive: true })
    },
  }
}

function collectorTerms(pageSize: number): Terms {
  const { initialRequests, pageRequests, settleMs, retentionMs, maxWindowMs } = hardTerms
  return { pageSize, initialRequests, pageRequests, stream: { settleMs, retentionMs, maxWindowMs } }
}
