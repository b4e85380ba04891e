import { type Span, unreadSpans } from '@cdrstream/core'
import type { Engine } from '@cdrstream/engine'
import type { Chance } from '@cdrstream-internal/chance'
import { checkConservation } from '../oracle/check-delivery.ts'
import type { JournalMemory } from '../oracle/journal-book.ts'
import { longestOutageMs } from '../plan/draw-api.ts'
import type { Break } from '../plan/plan.ts'
import type { JournalPlace } from './journal-place.ts'
import type { Machine } from './machine.ts'
import { processClock } from './process-clock.ts'
import { type ProcessParts, startProcess } from './start-process.ts'
import type { Process } from './unreliable.ts'
import type { WorldObserver } from './world-observer.ts'

export interface LifeParts
  extends Omit<ProcessParts, 'process' | 'journal' | 'clock' | 'boot' | 'seed' | 'observer'> {
  readonly seed: number
  readonly files: JournalPlace
  readonly machine: Machine
  readonly observer: WorldObserver
  /** The random generator of the world. */
  readonly chance: Chance
}

const nothing: JournalMemory = { acceptances: [], notRecords: new Set() }

/**
 * Runs one process after the other. Each is killed, stopped or exits, and the next one finds what it left
 * behind.
 */
export class ProcessLife {
  kills = 0
  /**
   * By the org's first name, the spans that a restored journal had not read when its first process started,
   * and has less time left to read than after the longest outage. The replaced journal may have read them.
   */
  readonly unreadInCopy = new Map<string, readonly Span[]>()
  readonly #parts: LifeParts
  #process: Process = { killed: true }
  #engine: Engine | undefined
  #hasEnded = false
  #starts = 0
  #backUp = nothing
  #isRestored = false

  constructor(parts: LifeParts) {
    this.#parts = parts
  }

  /** Runs processes until this time, restarting them after crashes. */
  async until(untilMs: number): Promise<void> {
    const { time, plan, chance, situations } = this.#parts
    while (time.nowMs < untilMs) {
      if (this.#process.killed) await this.#start()
      await time.passUntil(untilMs, () => this.#process.killed || this.#hasEnded)
      if (this.#process.killed) {
        this.kills += 1
        situations.happened('process-killed')
        await this.#reopen(chance.happens(0.3) ? 'crash-image' : undefined)
        // A restart takes a while.
        await time.passUntil(time.nowMs + chance.between(0, plan.api.terms.initialRequests.perMs))
      } else if (this.#hasEnded) {
        await this.#runAgainLater(untilMs)
      }
    }
  }

  /** Ends the process as planned. The next call to `until` starts another one. */
  async break({ how, downMs, journal, change, ...machine }: Omit<Break, 'atMs'>): Promise<void> {
    const { time, situations, configuration } = this.#parts
    if (how === 'stop') await this.stop()
    else situations.happened('process-killed')
    this.#process.killed = true
    await this.#reopen(journal)
    await time.passUntil(time.nowMs + downMs)
    this.#recordDowntime(downMs)
    this.#parts.machine.change(machine, situations)
    if (change) configuration.apply(change)
  }

  /** Asks the process to stop. Returns whether it stopped in time. */
  async stop(): Promise<boolean> {
    if (this.#process.killed) return true
    const { time, situations } = this.#parts
    this.#engine?.stop()
    const ended = await time.passUntil(time.nowMs + 30_000, () => this.#hasEnded)
    situations.happened('process-stopped')
    return ended || this.#process.killed
  }

  /** Stops the last process. Returns whether it stopped in time. */
  async end(): Promise<boolean> {
    const { time } = this.#parts
    const ended = await this.stop()
    this.#process.killed = true
    await time.passUntil(time.nowMs + 1_000)
    return ended
  }

  /** Schedules the next run, like cron. */
  async #runAgainLater(untilMs: number): Promise<void> {
    const { plan, time, situations } = this.#parts
    const { mode, startMs } = plan
    if (mode.kind !== 'once') throw new Error('the process exited by itself')
    situations.happened('ran-once')
    this.#process.killed = true
    await this.#reopen()
    const runs = Math.floor((time.nowMs - startMs) / mode.everyMs) + 1
    await time.passUntil(Math.min(untilMs, startMs + runs * mode.everyMs))
  }

  #recordDowntime(downMs: number): void {
    const { plan, situations } = this.#parts
    const { retentionMs } = plan.api.terms
    if (downMs > retentionMs) situations.happened('down-for-longer-than-the-retention')
    else if (downMs > retentionMs / 2) situations.happened('down-for-most-of-the-retention')
  }

  /** Checks and reopens the journal between two processes, when everything that happened is recorded. */
  async #reopen(fate?: Break['journal']): Promise<void> {
    const { files, bodies, machine, situations } = this.#parts
    const { book } = this.#parts.observer
    bodies.reset()
    await this.checkConservation()
    if (fate === 'crash-image') await files.crash()
    else await files.close()
    situations.happened(fate === 'crash-image' ? 'journal-crash-image' : 'journal-reopened')
    if (fate === 'back-up') {
      await files.backUp()
      this.#backUp = book.remember()
    }
    if (fate === 'restore') {
      await files.restore()
      book.replace(this.#backUp)
      this.#isRestored = true
      situations.happened('journal-restored')
    }
    if (fate === 'replace') {
      await files.remove()
      book.replace(nothing)
      situations.happened('journal-replaced')
    }
    await files.open(() => machine.nowMs())
  }

  async checkConservation(): Promise<void> {
    const { places, files, observer, findings, marks, time } = this.#parts
    const { book, names } = observer
    for (const place of places) {
      await checkConservation(place, { journal: files.journal, book, names, findings })
      marks.get(place)?.checkStored(time.nowMs)
    }
  }

  async #start(): Promise<void> {
    const { files, machine, configuration, time, situations } = this.#parts
    const process: Process = { killed: false }
    this.#process = process
    this.#hasEnded = false
    this.#starts += 1
    if (machine.clock.driftPpm !== 0) situations.happened('clock-drifts')
    const { formerly } = configuration
    if (formerly !== undefined) await files.journal.renameOrg(formerly.before, formerly.now)
    configuration.formerly = undefined
    if (this.#isRestored) await this.#noteUnreadInCopy()
    this.#isRestored = false
    this.#engine = startProcess({
      ...this.#parts,
      process,
      journal: files.journal,
      clock: processClock(time, () => process.killed, machine.clock),
      boot: machine.boot(),
      seed: this.#parts.seed + 1_000 * this.#starts,
    })
    void this.#engine.ended.then(() => {
      if (this.#process === process) this.#hasEnded = true
    })
  }

  async #noteUnreadInCopy(): Promise<void> {
    const { files, configuration, plan, time } = this.#parts
    const { terms, behaviour } = plan.api
    const toSec = Math.ceil((time.nowMs + behaviour.dateSkewMs - longestOutageMs(terms)) / 1_000)
    for (const [first, now] of configuration.orgs) {
      const progress = await files.journal.progress(now)
      if (progress === undefined) continue
      const { coverage, originSec } = progress
      this.unreadInCopy.set(first, unreadSpans(coverage, { fromSec: originSec, toSec }))
    }
  }
}
