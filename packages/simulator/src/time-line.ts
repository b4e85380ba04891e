import { type Chance, chanceOf } from './chance.ts'
import type { LedgerBook } from './ledger.ts'
import { type Directory, makeDirectory } from './records/directory.ts'
import { type Leg, recordText } from './records/leg.ts'
import { makeCall, recordsPerCall } from './records/make-call.ts'
import { strangeItem } from './records/strange-item.ts'
import type { RecordMix, SimulatedOrg } from './simulator-options.ts'

/** One item in the cloud's store. */
export interface StoredItem {
  readonly insertionMs: number
  readonly visibleMs: number
  readonly text: string
  /** Its entry in the ledger. */
  readonly id: string
}

export interface TimeLineOptions {
  readonly org: SimulatedOrg
  readonly seed: number
  readonly sinceMs: number
  readonly settleMs: number
  readonly retentionMs: number
  readonly mix: RecordMix
  readonly ledger: LedgerBook
}

const sliceMs = 1_000

/** What one org's calls put into the store, in order of insertion; made as time goes on, forgotten when it has expired. */
export class TimeLine {
  readonly #options: TimeLineOptions
  readonly #directory: Directory
  /** By second of insertion. */
  readonly #seconds = new Map<number, StoredItem[]>()
  #madeToMs: number
  #forgottenToSec: number
  #stopped = false

  constructor(options: TimeLineOptions) {
    this.#options = options
    this.#directory = makeDirectory(chanceOf(options.seed, options.org.name), options.org.orgUuid)
    this.#madeToMs = Math.floor(options.sinceMs / sliceMs) * sliceMs
    this.#forgottenToSec = this.#madeToMs / 1_000
  }

  /** No calls end after what was made so far. */
  stop(): void {
    this.#stopped = true
  }

  /** Makes what time has brought. */
  advance(nowMs: number): void {
    while (!this.#stopped && this.#madeToMs + sliceMs <= nowMs) {
      this.#makeSlice(this.#madeToMs)
      this.#madeToMs += sliceMs
    }
    const expiredSec = Math.floor((nowMs - this.#options.retentionMs) / 1_000) - 1
    for (; this.#forgottenToSec < expiredSec; this.#forgottenToSec += 1)
      this.#seconds.delete(this.#forgottenToSec)
  }

  insert(
    insertionMs: number,
    text: string,
    more: { visibleMs?: number; reportId?: string | null; isRecord?: boolean } = {},
  ): void {
    const { org, settleMs, ledger } = this.#options
    const visibleMs = more.visibleMs ?? insertionMs
    const availableMs = Math.max(visibleMs, insertionMs + settleMs)
    const id = ledger.add(org.name, text, more.reportId ?? null, more.isRecord ?? true, {
      insertionMs,
      availableMs,
    })
    const second = Math.floor(insertionMs / 1_000)
    const items = this.#seconds.get(second) ?? []
    items.push({ insertionMs, visibleMs, text, id })
    items.sort((a, b) => a.insertionMs - b.insertionMs)
    this.#seconds.set(second, items)
  }

  /** The visible items of this second, by insertion. */
  at(second: number, nowMs: number): readonly StoredItem[] {
    const items = this.#seconds.get(second)
    if (items === undefined) return []
    return items.every(({ visibleMs }) => visibleMs <= nowMs)
      ? items
      : items.filter(({ visibleMs }) => visibleMs <= nowMs)
  }

  #makeSlice(fromMs: number): void {
    const { org, seed, mix } = this.#options
    const chance = chanceOf(seed, org.name, fromMs)
    const calls = (org.recordsPerMinute * sliceMs) / 60_000 / recordsPerCall
    let left = Math.floor(calls) + (chance.happens(calls % 1) ? 1 : 0)
    for (; left > 0; left -= 1) {
      // The call's first leg ends in this slice; legs that follow end later, and are inserted later.
      const legs = makeCall(this.#directory, chance)
      const firstMs = Math.min(...legs.map(({ releaseMs }) => releaseMs))
      const startMs = fromMs + chance.integer(0, sliceMs - 1) - firstMs
      for (const leg of legs) this.#insertLeg(leg, startMs, chance)
    }
    if (chance.happens(mix.strangeShare * calls * recordsPerCall)) this.#insertStrange(fromMs, chance)
  }

  #insertLeg({ fields, releaseMs }: Leg, startMs: number, chance: Chance): void {
    const { mix } = this.#options
    const text = recordText(fields, startMs)
    const reportId = String(fields['Report ID'])
    const delayMs = chance.happens(mix.lateShare) ? mix.lateMaxMs : mix.insertionDelayMs
    const insertionMs = Math.floor(startMs + releaseMs + chance.next() * delayMs)
    const lagMs = chance.happens(mix.lagShare) ? Math.floor(chance.next() * mix.lagMaxMs) : 0
    this.insert(insertionMs, text, { visibleMs: insertionMs + lagMs, reportId })
    if (chance.happens(mix.twinShare)) this.insert(insertionMs, text, { reportId })
    const againMs = insertionMs + Math.floor(chance.next() * mix.lateMaxMs)
    if (chance.happens(mix.repeatShare)) this.insert(againMs, text, { reportId })
    if (chance.happens(mix.revisionShare)) {
      const reportTime = chance.happens(0.5) ? { 'Report time': againMs - startMs } : {}
      const changed = { ...fields, ...reportTime, Duration: Number(fields.Duration) + 1 }
      this.insert(againMs, recordText(changed, startMs), { reportId })
    }
  }

  #insertStrange(atMs: number, chance: Chance): void {
    const { text, reportId, isRecord } = strangeItem(chance, atMs)
    this.insert(atMs + chance.integer(0, sliceMs - 1), text, { reportId, isRecord })
  }
}
