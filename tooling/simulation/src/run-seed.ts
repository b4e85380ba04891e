import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Terms } from '@cdrstream/core'
import { type Engine, type Journal, type OrgSetup, startEngine } from '@cdrstream/engine'
import { openJournal } from '@cdrstream/journal-sqlite'
import {
  type Comparison,
  compareWithLedger,
  createSimulator,
  type LedgerEntry,
  type Simulator,
} from '@cdrstream/simulator'
import { createFixedSignIn, createWebexSource } from '@cdrstream/source-webex'
import { Chance } from '@cdrstream-internal/chance'
import { ProcessClock, VirtualTime, working } from '@cdrstream-internal/virtual-time'
import { appendingSink, keyedSink, type MemorySink } from './memory-sinks.ts'
import { drawPlan, type Plan } from './plan.ts'
import { simulatedTransport } from './simulated-transport.ts'
import { type Process, reliable, unreliable } from './unreliable.ts'

/** What a seed came to. */
export interface SeedResult {
  readonly seed: number
  readonly plan: Plan
  /** By sink. */
  readonly sinks: ReadonlyMap<string, Comparison>
  /** Contents that could have been read in time and never were. */
  readonly unread: number
  /** Two rows of one sink have the same org, key and rank, or one key has two homes. */
  readonly confused: number
  readonly rateViolations: number
  /** Not everything was collected and delivered in the time that the drain has. */
  readonly stuck: boolean
  readonly kills: number
  readonly records: number
  /** A digest of all that the sinks hold, in order: the same seed, the same digest. */
  readonly digest: string
}

const startMs = Date.UTC(2026, 8, 24, 6)

/** In memory where there is such a place: the journal syncs each commit, and the simulation does not test the disk. */
const scratch = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

/** Runs the whole collector under virtual time, with the faults and crashes that the seed draws, and then drains it without any. */
export async function runSeed(seed: number): Promise<SeedResult> {
  const directory = await mkdtemp(join(scratch, 'cdrstream-seed-'))
  const world = new World(seed, directory)
  try {
    return await world.run()
  } finally {
    await world.close()
    await rm(directory, { recursive: true })
  }
}

class World {
  readonly #seed: number
  readonly #directory: string
  readonly #chance: Chance
  readonly #plan: Plan
  readonly #time = new VirtualTime(startMs)
  readonly #simulator: Simulator
  readonly #sinks: ReadonlyMap<string, MemorySink>
  #journal: Journal | undefined
  #process: Process = { killed: false, calls: 0 }
  #engine: Engine | undefined
  #kills = 0
  #ids = 0
  #calm = false

  constructor(seed: number, directory: string) {
    this.#seed = seed
    this.#directory = directory
    this.#chance = new Chance(seed)
    this.#plan = drawPlan(this.#chance)
    const { terms, orgs, faults, mix, behaviour, sinkTroubles } = this.#plan
    this.#simulator = createSimulator({
      seed,
      clock: { nowMs: () => this.#time.nowMs },
      orgs,
      terms,
      sinceMs: startMs - terms.retentionMs,
      faults,
      mix,
      behaviour,
    })
    const troubles = () => (this.#calm ? { retry: 0, throwHalfway: 0, again: 0 } : sinkTroubles)
    this.#sinks = new Map([
      ['keyed', keyedSink(new Chance(seed + 1), troubles)],
      ['appending', appendingSink(new Chance(seed + 2), troubles)],
    ])
  }

  async run(): Promise<SeedResult> {
    const { forMs, outages, terms } = this.#plan
    for (const { fromMs, toMs } of outages) this.#simulator.outage(startMs + fromMs, startMs + toMs)
    this.#journal = await openJournal({
      path: join(this.#directory, 'journal.db'),
      access: 'collector',
      minFreeDiskBytes: 0,
      nowMs: () => this.#time.nowMs,
      randomId: () => this.#newId(),
    })
    const endMs = startMs + forMs
    while (this.#time.nowMs < endMs) {
      this.#startProcess()
      const killed = await this.#time.passUntil(endMs, () => this.#process.killed)
      if (!killed) break
      this.#kills += 1
      // A dead process stays down for a while.
      await this.#time.passUntil(this.#time.nowMs + this.#chance.between(0, terms.initialRequests.perMs))
    }
    const stuck = await this.#drain()
    const origins = new Map<string, number>()
    for (const { name } of this.#plan.orgs) {
      const progress = await this.#journal.progress(name)
      if (progress !== undefined) origins.set(name, progress.originSec)
    }
    return this.#result(stuck, origins)
  }

  /** No faults any more: everything that is there has to come through. */
  async #drain(): Promise<boolean> {
    this.#calm = true
    this.#simulator.heal()
    this.#simulator.stopCalls()
    if (this.#process.killed) this.#startProcess()
    const { terms, mix } = this.#plan
    // Late records are still to come; then the last of them has to settle, and be read.
    const lastMs = this.#time.nowMs + mix.lateMaxMs + mix.insertionDelayMs + mix.lagMaxMs + terms.settleMs
    const { perMs } = terms.initialRequests
    await this.#time.passUntil(lastMs + 40 * perMs)
    // What became visible late is found by the audit at the latest.
    if (mix.lagMaxMs > 0) await this.#time.passUntil(this.#time.nowMs + terms.retentionMs)
    const before = this.#held()
    await this.#time.passUntil(this.#time.nowMs + 10 * perMs)
    const stuck = this.#held() !== before
    let ended = false
    void this.#engine?.ended.then(() => {
      ended = true
    })
    this.#engine?.stop()
    await this.#time.passUntil(this.#time.nowMs + 30_000, () => ended)
    return stuck || !ended
  }

  async close(): Promise<void> {
    await this.#journal?.close()
  }

  #startProcess(): void {
    const process: Process = { killed: false, calls: 0 }
    this.#process = process
    if (this.#journal === undefined) throw new Error('the journal is not open')
    const { journalTroubles, orgs } = this.#plan
    const chance = new Chance(this.#seed + 1_000 * (this.#kills + 1))
    const shares = () => (this.#calm ? reliable : journalTroubles)
    const clock = new ProcessClock(this.#time, () => process.killed)
    this.#engine = startEngine({
      orgs: orgs.map((org): OrgSetup => {
        const delayMs = () => (this.#calm ? 500 : this.#plan.longestDelayMs)
        const source = createWebexSource({
          baseUrl: 'https://analytics-calling.webexapis.com/v1',
          signIn: createFixedSignIn({ reveal: () => org.token }, clock),
          clock,
          transport: simulatedTransport(this.#simulator, this.#time, chance, delayMs),
          newTrackingId: () => 'tracking',
        })
        return {
          name: org.name,
          scope: org.name,
          credential: org.credential ?? org.name,
          source: unreliable(source, process, chance, () => ({ ...shares(), failBefore: 0, failAfter: 0 })),
          reachMs: this.#plan.reachMs,
        }
      }),
      sinks: [...this.#sinks].map(([name, { traits, connect }]) => ({
        name,
        sink: unreliable(connect(), process, chance, () => ({ ...shares(), failAfter: 0 })),
        traits,
        from: 'earliest' as const,
      })),
      terms: engineTerms(this.#plan),
      platform: {
        clock,
        digest: (text) => createHash('sha1').update(text).digest('hex'),
        newId: () => this.#newId(),
      },
      journal: unreliable(working(this.#journal, this.#time), process, chance, shares),
      log: { debug() {}, info() {}, warn() {}, error() {} },
      mode: 'continuous',
    })
  }

  #newId(): string {
    this.#ids += 1
    return `${this.#seed}-${this.#ids}`
  }

  #held(): number {
    return [...this.#sinks.values()].reduce((sum, { rows }) => sum + rows.length, 0)
  }

  #result(stuck: boolean, origins: ReadonlyMap<string, number>): SeedResult {
    const { ledger } = this.#simulator
    // What was inserted before the durable origin of its org is not asked for.
    const { dateSkewMs } = this.#plan.behaviour
    const isWanted = ({ org, insertionMs }: LedgerEntry) =>
      insertionMs + dateSkewMs >= (origins.get(org) ?? 0) * 1_000
    const sinks = new Map(
      [...this.#sinks].map(([name, { rows }]) => {
        const comparison = compareWithLedger(ledger, rows)
        return [name, { ...comparison, missing: comparison.missing.filter(isWanted) }]
      }),
    )
    const unread = [...ledger.entries.values()].filter(
      (entry) => entry.isRecord && entry.shownMs === null && isWanted(entry),
    ).length
    const digest = createHash('sha1')
    for (const { rows } of this.#sinks.values())
      for (const { org, key, rank, home, text } of rows)
        digest.update(`${org}|${key}|${rank}|${home}|${text}`)
    return {
      seed: this.#seed,
      plan: this.#plan,
      sinks,
      unread,
      confused: [...this.#sinks.values()].reduce((sum, sink) => sum + countConfused(sink), 0),
      rateViolations: this.#simulator.rateViolations().length,
      stuck,
      kills: this.#kills,
      records: sinks.get('keyed')?.shown ?? 0,
      digest: digest.digest('hex'),
    }
  }
}

function countConfused({ rows }: MemorySink): number {
  const ranks = new Set<string>()
  const homes = new Map<string, string>()
  let confused = 0
  for (const { org, key, rank, home } of rows) {
    const id = `${org}|${key}|`
    if (ranks.has(`${id}${rank}`) || (homes.get(id) ?? home) !== home) confused += 1
    ranks.add(`${id}${rank}`)
    homes.set(id, home)
  }
  return confused
}

function engineTerms({ terms, pageSize }: Plan): Terms {
  const { initialRequests, pageRequests, settleMs, retentionMs, maxWindowMs } = terms
  return { pageSize, initialRequests, pageRequests, stream: { settleMs, retentionMs, maxWindowMs } }
}
