import { createHash } from 'node:crypto'
import type { Progress } from '@cdrstream/core'
import type { JournalSnapshot } from '@cdrstream/journal-sqlite'
import { createSimulator, type Simulator } from '@cdrstream/simulator'
import { Chance } from '@cdrstream-internal/chance'
import { VirtualTime } from '@cdrstream-internal/virtual-time'
import { recordingsOf, type SinkRecordings } from '../oracle/check-delivery.ts'
import { MarkCheck } from '../oracle/check-marks.ts'
import { Findings } from '../oracle/findings.ts'
import { JournalBook } from '../oracle/journal-book.ts'
import { drawPlan } from '../plan/draw-plan.ts'
import type { Plan, PlannedSink } from '../plan/plan.ts'
import { createStore } from '../sinks/create-store.ts'
import type { SituationBook } from '../situations.ts'
import { Configuration } from './configuration.ts'
import { drainWorld } from './drain-world.ts'
import { HeldBodies } from './held-bodies.ts'
import { JournalPlace } from './journal-place.ts'
import { Machine } from './machine.ts'
import { OrgNames } from './org-names.ts'
import { simulatedOrg, TokenStores } from './org-sources.ts'
import { ProcessLife } from './process-life.ts'
import { scheduleEvents } from './schedule-events.ts'
import type { SinkPlace } from './sink-place.ts'
import { WorldObserver } from './world-observer.ts'

/** The world of one seed: the API, the sinks, the files, the machine, and one process after the other. */
export class World {
  readonly plan: Plan
  readonly findings = new Findings()
  readonly book = new JournalBook()
  readonly names = new OrgNames()
  readonly bodies = new HeldBodies()
  readonly places: ReadonlyMap<string, SinkPlace>
  readonly configuration: Configuration
  readonly simulator: Simulator
  readonly observer: WorldObserver
  readonly life: ProcessLife
  readonly #time: VirtualTime
  readonly #files: JournalPlace
  readonly #machine: Machine
  #isCalm = false

  constructor(seed: number, directory: string, situations: SituationBook) {
    const chance = new Chance(seed)
    const newId = idsOf(seed)
    this.plan = drawPlan(chance, seed)
    const { plan, names, book, findings, bodies } = this
    const time = new VirtualTime(plan.startMs)
    this.#time = time
    this.#files = new JournalPlace(directory, plan.journal.limits, newId)
    this.#machine = new Machine(time, plan.clock)
    this.simulator = simulatorOf(plan, seed, time)
    this.places = new Map(plan.sinks.map((sink) => [sink.name, placeOf(sink)]))
    const { simulator, places } = this
    this.configuration = new Configuration(plan.orgs, places, names, situations)
    const marks = this.#markChecks()
    this.observer = new WorldObserver({ book, names, places, situations, time, marks })
    scheduleEvents({ plan, time, simulator, places, marks, situations })
    this.life = new ProcessLife({
      plan,
      time,
      seed,
      chance,
      simulator,
      situations,
      findings,
      bodies,
      marks,
      newId,
      configuration: this.configuration,
      observer: this.observer,
      places: [...places.values()],
      files: this.#files,
      machine: this.#machine,
      tokens: new TokenStores(),
      isCalm: () => this.#isCalm,
    })
  }

  /** Runs the plan and then drains the world. */
  async run(): Promise<void> {
    const { startMs, durationMs, breaks } = this.plan
    await this.#files.open(() => this.#machine.nowMs())
    for (const planned of breaks) {
      await this.life.until(startMs + planned.atMs)
      await this.life.break(planned)
    }
    await this.life.until(startMs + durationMs)
    this.#isCalm = true
    await drainWorld({ ...this, time: this.#time, files: this.#files })
  }

  async close(): Promise<void> {
    await this.#files.close()
  }

  /** Returns the progress of each configured org, by its first name. */
  async progress(): Promise<ReadonlyMap<string, Progress>> {
    const found = new Map<string, Progress>()
    for (const [first, now] of this.configuration.orgs) {
      const progress = await this.#files.journal.progress(now)
      if (progress !== undefined) found.set(first, progress)
    }
    return found
  }

  recordings(sink: string): Promise<SinkRecordings | undefined> {
    return recordingsOf(sink, this.#files.journal)
  }

  inspect(): Promise<JournalSnapshot> {
    return this.#files.journal.inspect()
  }

  /** Returns a digest of the content of all sinks, in order. */
  digest(): string {
    const digest = createHash('sha1')
    for (const { store } of this.places.values())
      for (const { org, key, rank, home, content } of store.rows())
        digest.update(`${org}|${key}|${rank}|${home}|${content}`)
    return digest.digest('hex')
  }

  #markChecks(): ReadonlyMap<SinkPlace, MarkCheck> {
    const { simulator, book, names, findings, plan } = this
    const { behaviour, terms } = plan.api
    const { settleMs } = terms
    const hasOneJournal = plan.breaks.every(({ journal }) => journal !== 'replace')
    const facts = { ledger: simulator.ledger, book, names, findings, behaviour, settleMs, hasOneJournal }
    return new Map([...this.places.values()].map((place) => [place, new MarkCheck(place, facts)]))
  }
}

function simulatorOf({ api, orgs, mix, startMs }: Plan, seed: number, time: VirtualTime): Simulator {
  return createSimulator({
    seed,
    clock: { nowMs: () => time.nowMs },
    orgs: orgs.map((org) => simulatedOrg(org, api)),
    terms: api.terms,
    sinceMs: startMs - api.terms.retentionMs,
    faults: api.faults,
    mix,
    behaviour: api.behaviour,
    ...(api.tokenMs !== null && { signIn: { accessTokenMs: api.tokenMs } }),
  })
}

function placeOf(plan: PlannedSink): SinkPlace {
  return {
    plan,
    store: createStore(plan.store, plan.waitMs),
    name: plan.isInitial ? plan.name : undefined,
    refused: new Set(),
    awaitsRefill: false,
  }
}

function idsOf(seed: number): () => string {
  let ids = 0
  return () => {
    ids += 1
    return `${seed}-${ids}`
  }
}
