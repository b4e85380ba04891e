import { createHash } from 'node:crypto'
import type { Progress } from '@cdrstream/core'
import type { Engine } from '@cdrstream/engine'
import { createSimulator, type Simulator } from '@cdrstream/simulator'
import { Chance } from '@cdrstream-internal/chance'
import { VirtualTime } from '@cdrstream-internal/virtual-time'
import { checkConservation, recordingsOf } from '../oracle/check-delivery.ts'
import { MarkCheck } from '../oracle/check-marks.ts'
import { type Behind, findBehind } from '../oracle/find-behind.ts'
import { Findings } from '../oracle/findings.ts'
import { JournalBook, type JournalMemory } from '../oracle/journal-book.ts'
import { drawPlan } from '../plan/draw-plan.ts'
import type { Break, Plan } from '../plan/plan.ts'
import { createStore } from '../sinks/create-store.ts'
import type { SituationBook } from '../situations.ts'
import { Configuration } from './configuration.ts'
import { HeldBodies } from './held-bodies.ts'
import { JournalPlace } from './journal-place.ts'
import { OrgNames } from './org-names.ts'
import { simulatedOrg, TokenStores } from './org-sources.ts'
import { processClock } from './process-clock.ts'
import type { SinkPlace } from './sink-place.ts'
import { startProcess } from './start-process.ts'
import type { Process } from './unreliable.ts'
import { WorldObserver } from './world-observer.ts'

const minuteMs = 60_000
const nothing: JournalMemory = { acceptances: [], notRecords: new Set() }
/** What the drain may take, beyond what records take until they can be read. */
const drainMs = 120 * minuteMs

/** Everything that one seed has: the API, the sinks, the files, and one process after the other. */
export class World {
  readonly plan: Plan
  readonly findings = new Findings()
  readonly book = new JournalBook()
  readonly names = new OrgNames()
  readonly places: ReadonlyMap<string, SinkPlace>
  readonly configuration: Configuration
  readonly simulator: Simulator
  readonly bodies = new HeldBodies()
  readonly observer: WorldObserver
  readonly files: JournalPlace
  kills = 0
  readonly #seed: number
  readonly #chance: Chance
  readonly #situations: SituationBook
  readonly #time: VirtualTime
  readonly #marks: ReadonlyMap<SinkPlace, MarkCheck>
  readonly #tokens = new TokenStores()
  #process: Process = { killed: true }
  #engine: Engine | undefined
  #hasEnded = false
  #isCalm = false
  #ids = 0
  #starts = 0
  #aheadMs: number
  #boots = 1
  #bootedMs: number
  #backUp = nothing

  constructor(seed: number, directory: string, situations: SituationBook) {
    this.#seed = seed
    this.#situations = situations
    this.#chance = new Chance(seed)
    this.plan = drawPlan(this.#chance, seed)
    const { startMs, api, orgs, mix, sinks, journal, clock } = this.plan
    this.#time = new VirtualTime(startMs)
    this.#aheadMs = clock.aheadMs
    this.#bootedMs = startMs - 3_600_000
    this.files = new JournalPlace(directory, journal.limits, () => this.#newId())
    this.simulator = createSimulator({
      seed,
      clock: { nowMs: () => this.#time.nowMs },
      orgs: orgs.map((org) => simulatedOrg(org, api)),
      terms: api.terms,
      sinceMs: startMs - api.terms.retentionMs,
      faults: api.faults,
      mix,
      behaviour: api.behaviour,
      ...(api.tokenMs !== null && { signIn: { accessTokenMs: api.tokenMs } }),
    })
    this.places = new Map(sinks.map((sink) => [sink.name, newPlace(sink)]))
    this.configuration = new Configuration(orgs, this.places, this.names, situations)
    this.observer = new WorldObserver({
      book: this.book,
      names: this.names,
      places: this.places,
      situations,
      time: this.#time,
    })
    const facts = {
      ledger: this.simulator.ledger,
      book: this.book,
      names: this.names,
      findings: this.findings,
      behaviour: api.behaviour,
      settleMs: api.terms.settleMs,
    }
    this.#marks = new Map([...this.places.values()].map((place) => [place, new MarkCheck(place, facts)]))
    this.#plan()
  }

  get nowMs(): number {
    return this.#time.nowMs
  }

  /** Lives through the plan, and then drains: without faults, everything that is there has to come through. */
  async run(): Promise<void> {
    const { startMs, forMs, breaks } = this.plan
    await this.files.open(() => this.#clockMs())
    for (const planned of breaks) {
      await this.#liveUntil(startMs + planned.atMs)
      await this.#break(planned)
    }
    await this.#liveUntil(startMs + forMs)
    await this.#drain()
  }

  async close(): Promise<void> {
    await this.files.close()
  }

  /** What happens at its time, whatever the process does. */
  #plan(): void {
    const { startMs, api, emptyings, orgs, revision } = this.plan
    for (const { fromMs, toMs } of api.outages) this.simulator.outage(startMs + fromMs, startMs + toMs)
    const [org] = orgs
    for (const { reason, fromMs, toMs } of api.refusals) {
      if (org === undefined) break
      this.#time.at(startMs + fromMs, () => this.simulator.refuse(org.name, reason))
      this.#time.at(startMs + toMs, () => this.simulator.refuse(org.name, 'none'))
    }
    for (const { as, fromMs, toMs } of api.unserved) {
      if (org === undefined) break
      this.simulator.cannotServe(org.name, { as, fromMs: startMs + fromMs, toMs: startMs + toMs })
    }
    if (revision !== null && org !== undefined) {
      this.#time.at(startMs + revision.firstMs, () => this.#insertRevised(org.name, 0))
      this.#time.at(startMs + revision.laterMs, () => this.#insertRevised(org.name, 1))
    }
    for (const { atMs, sink, month } of emptyings) {
      this.#time.at(startMs + atMs, () => this.#empty(sink, month))
    }
  }

  #insertRevised(org: string, version: 0 | 1): void {
    const { nowMs } = this.#time
    // On the first day at first, and then on the second.
    const startTimeMs = version === 0 ? this.plan.startMs : nowMs
    const fields = {
      'Report ID': 'revised-start',
      'Start time': new Date(startTimeMs).toISOString(),
      'Report time': new Date(nowMs).toISOString(),
    }
    this.simulator.insert(org, { insertionMs: nowMs, text: JSON.stringify(fields) })
    if (version === 1) this.#situations.happened('start-time-revised')
  }

  #empty(sink: string, month: string | null): void {
    const place = this.places.get(sink)
    if (place === undefined || place.store.empty(month) === 0) return
    place.awaitsRefill = true
    this.#marks.get(place)?.restart()
    this.#situations.happened(month === null ? 'sink-emptied' : 'sink-month-emptied')
  }

  async #liveUntil(untilMs: number): Promise<void> {
    const { terms } = this.plan.api
    while (this.#time.nowMs < untilMs) {
      if (this.#process.killed) await this.#start()
      await this.#time.passUntil(untilMs, () => this.#process.killed || this.#hasEnded)
      if (this.#process.killed) {
        this.kills += 1
        this.#situations.happened('process-killed')
        await this.#reopen(this.#chance.happens(0.3) ? 'crash-image' : undefined)
        // A dead process stays down for a while.
        await this.#time.passUntil(this.#time.nowMs + this.#chance.between(0, terms.initialRequests.perMs))
      } else if (this.#hasEnded) {
        await this.#runAgainLater(untilMs)
      }
    }
  }

  /** As cron does. */
  async #runAgainLater(untilMs: number): Promise<void> {
    const { mode, startMs } = this.plan
    if (mode.kind !== 'once') throw new Error('the process has ended by itself')
    this.#situations.happened('ran-once')
    this.#process.killed = true
    await this.#reopen()
    const runs = Math.floor((this.#time.nowMs - startMs) / mode.everyMs) + 1
    await this.#time.passUntil(Math.min(untilMs, startMs + runs * mode.everyMs))
  }

  async #break({ how, downMs, journal, aheadMs, reboots, change }: Break): Promise<void> {
    if (how === 'stop') await this.#stop()
    else this.#situations.happened('process-killed')
    this.#process.killed = true
    await this.#reopen(journal)
    await this.#time.passUntil(this.#time.nowMs + downMs)
    this.#noteDown(downMs)
    if (aheadMs !== undefined) {
      this.#situations.happened(aheadMs < this.#aheadMs ? 'clock-set-back' : 'clock-set-forward')
      this.#aheadMs = aheadMs
    }
    if (reboots) {
      this.#situations.happened('machine-booted')
      this.#boots += 1
      this.#bootedMs = this.#time.nowMs
    }
    if (change) this.configuration.apply(change)
  }

  async #stop(): Promise<void> {
    if (this.#process.killed) return
    this.#engine?.stop()
    await this.#time.passUntil(this.#time.nowMs + 30_000, () => this.#hasEnded)
    this.#situations.happened('process-stopped')
  }

  #noteDown(downMs: number): void {
    const { retentionMs } = this.plan.api.terms
    if (downMs > retentionMs) this.#situations.happened('down-for-longer-than-the-retention')
    else if (downMs > retentionMs / 2) this.#situations.happened('down-for-most-of-the-retention')
  }

  /** Between two processes: what is recorded now is all there is. */
  async #reopen(fate?: Break['journal']): Promise<void> {
    this.bodies.reset()
    await this.checkConservation()
    if (fate === 'crash-image') await this.files.crash()
    else await this.files.close()
    this.#situations.happened(fate === 'crash-image' ? 'journal-crash-image' : 'journal-reopened')
    if (fate === 'back-up') {
      await this.files.backUp()
      this.#backUp = this.book.remember()
    }
    if (fate === 'restore') {
      await this.files.restore()
      this.book.replace(this.#backUp)
      this.#situations.happened('journal-restored')
    }
    if (fate === 'replace') {
      await this.files.remove()
      this.book.replace(nothing)
      this.#situations.happened('journal-replaced')
    }
    await this.files.open(() => this.#clockMs())
  }

  async checkConservation(): Promise<void> {
    const { book, names, findings } = this
    for (const place of this.places.values()) {
      await checkConservation(place, { journal: this.files.journal, book, names, findings })
    }
  }

  async #start(): Promise<void> {
    const { plan, configuration } = this
    const process: Process = { killed: false }
    this.#process = process
    this.#hasEnded = false
    this.#starts += 1
    const { driftPpm } = plan.clock
    if (driftPpm !== 0) this.#situations.happened('clock-drifts')
    const { formerly } = configuration
    if (formerly !== undefined) await this.files.journal.renameOrg(formerly.before, formerly.now)
    configuration.formerly = undefined
    this.#engine = startProcess({
      plan,
      process,
      configuration,
      time: this.#time,
      simulator: this.simulator,
      journal: this.files.journal,
      observer: this.observer,
      places: this.places.values(),
      marks: this.#marks,
      tokens: this.#tokens,
      bodies: this.bodies,
      findings: this.findings,
      situations: this.#situations,
      clock: processClock(this.#time, () => process.killed, { aheadMs: this.#aheadMs, driftPpm }),
      boot: { id: String(this.#boots), atMs: this.#bootAtMs() },
      seed: this.#seed + 1_000 * this.#starts,
      isCalm: () => this.#isCalm,
      newId: () => this.#newId(),
    })
    void this.#engine.ended.then(() => {
      if (this.#process === process) this.#hasEnded = true
    })
  }

  async #drain(): Promise<void> {
    const { mix, api, orgs } = this.plan
    this.#isCalm = true
    this.simulator.heal()
    for (const { name } of orgs) this.simulator.refuse(name, 'none')
    this.simulator.stopCalls()
    // Late records are still to come; then the last of them has to settle, and be read.
    const lastMs = Math.max(this.#time.nowMs, this.#lastInsertionMs()) + minuteMs
    this.#insertClosingRecords(lastMs)
    await this.#liveUntil(lastMs + api.terms.settleMs)
    // What became visible late is found by the audit at the latest.
    if (mix.lagMaxMs > 0) await this.#liveUntil(this.#time.nowMs + api.terms.retentionMs)
    // That rows were deleted shows when the sink is opened.
    if ([...this.places.values()].some(({ name, awaitsRefill }) => name !== undefined && awaitsRefill)) {
      await this.#break({ atMs: 0, how: 'stop', downMs: 0 })
    }
    const endMs = this.#time.nowMs + drainMs
    let behind = await this.#behind(lastMs)
    while (behind.length > 0 && this.#time.nowMs < endMs) {
      await this.#liveUntil(this.#time.nowMs + minuteMs)
      behind = await this.#behind(lastMs)
    }
    for (const what of behind) this.findings.add('stuck', what)
    await this.#stop()
    if (!this.#hasEnded && !this.#process.killed) this.findings.add('stuck', 'the process does not end')
    this.#process.killed = true
    await this.#time.passUntil(this.#time.nowMs + 1_000)
  }

  #lastInsertionMs(): number {
    const { entries } = this.simulator.ledger
    return [...entries.values()].reduce((last, { insertionMs }) => Math.max(last, insertionMs), 0)
  }

  /** A record that makes its sink throw is found only when others come after it. */
  #insertClosingRecords(atMs: number): void {
    for (const { name } of this.plan.orgs) {
      for (let number = 0; number < 3; number += 1) {
        const fields = {
          'Report ID': `closing-${number}`,
          'Report time': new Date(atMs).toISOString(),
          Duration: number,
        }
        this.simulator.insert(name, { insertionMs: atMs, text: JSON.stringify(fields) })
      }
    }
  }

  #behind(lastMs: number): Promise<readonly Behind[]> {
    const throughMs = lastMs + this.plan.api.behaviour.dateSkewMs
    return findBehind({
      journal: this.files.journal,
      orgs: [...this.configuration.orgs.values()],
      places: [...this.places.values()],
      throughMs,
      oldestMs: this.#time.nowMs + this.plan.api.behaviour.dateSkewMs - this.plan.api.terms.retentionMs,
    })
  }

  /** By the first name of each org that is configured. */
  async progress(): Promise<ReadonlyMap<string, Progress>> {
    const found = new Map<string, Progress>()
    for (const [first, now] of this.configuration.orgs) {
      const progress = await this.files.journal.progress(now)
      if (progress !== undefined) found.set(first, progress)
    }
    return found
  }

  recordings(sink: string) {
    return recordingsOf(sink, this.files.journal)
  }

  digest(): string {
    const digest = createHash('sha1')
    for (const { store } of this.places.values())
      for (const { org, key, rank, home, content } of store.rows())
        digest.update(`${org}|${key}|${rank}|${home}|${content}`)
    return digest.digest('hex')
  }

  #clockMs(): number {
    return this.#time.nowMs + this.#aheadMs
  }

  /** As the system computes it: the time now, less what has passed since by a counter that is as fast or slow as the clock. */
  #bootAtMs(): number {
    const upMs = (this.#time.nowMs - this.#bootedMs) * (1 + this.plan.clock.driftPpm / 1e6)
    return Math.round(this.#clockMs() - upMs)
  }

  #newId(): string {
    this.#ids += 1
    return `${this.#seed}-${this.#ids}`
  }
}

function newPlace(plan: SinkPlace['plan']): SinkPlace {
  return {
    plan,
    store: createStore(plan.store, plan.waitMs),
    name: plan.isThere ? plan.name : undefined,
    refused: new Set(),
    awaitsRefill: false,
  }
}
