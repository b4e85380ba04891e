import { Content } from './content.ts'
import { describeItem } from './describe-item.ts'
import { GeneratedCall, GeneratedCalls, GeneratedText, type PlannedCall } from './generated-calls.ts'
import type { LedgerBook } from './ledger-book.ts'
import { strangeItem } from './records/strange-item.ts'
import type { RecordMix, SimulatedOrg } from './simulator-options.ts'
import type { TextCache } from './text-cache.ts'

/** One insertion into the API's store. */
export interface StoredItem {
  readonly insertionMs: number
  readonly visibleMs: number
  readonly content: Content
}

export interface TimeLineOptions {
  readonly org: Omit<SimulatedOrg, 'token'>
  readonly seed: number
  readonly sinceMs: number
  readonly settleMs: number
  readonly retentionMs: number
  readonly mix: RecordMix
  readonly ledger: LedgerBook
  readonly cache: TextCache
}

/** The items inserted within one second. */
interface StoredSecond {
  readonly items: StoredItem[]
  sorted: boolean
  /** When all of the items are visible, in milliseconds since 1970, UTC. */
  visibleMs: number
}

/**
 * The items of one org by insertion time. They are generated as time passes, and dropped once they expire.
 */
export class TimeLine {
  readonly #options: TimeLineOptions
  readonly #calls: GeneratedCalls
  readonly #seconds = new Map<number, StoredSecond>()
  /** Contents that do not come from generated calls, by text. */
  readonly #insertedContents = new Map<string, Content>()
  #generatedToSec: number
  #droppedToSec: number
  #stopped = false

  constructor(options: TimeLineOptions) {
    this.#options = options
    this.#calls = new GeneratedCalls(options)
    this.#generatedToSec = Math.floor(options.sinceMs / 1_000)
    this.#droppedToSec = this.#generatedToSec
  }

  get orgUuid(): string {
    return this.#calls.orgUuid
  }

  /** Stops generating calls. */
  stop(): void {
    this.#stopped = true
  }

  /** Generates the calls up to now and drops expired items. */
  advance(nowMs: number): void {
    const toSec = Math.floor(nowMs / 1_000)
    const expiredSec = Math.floor((nowMs - this.#options.retentionMs) / 1_000) - 1
    for (; !this.#stopped && this.#generatedToSec < toSec; this.#generatedToSec += 1) {
      this.#generateSecond(this.#generatedToSec)
      this.#drop(Math.min(expiredSec, this.#generatedToSec))
    }
    this.#drop(expiredSec)
  }

  /** Inserts an item that does not come from a generated call. */
  insert(insertionMs: number, text: string, visibleMs = insertionMs): void {
    this.#store({ insertionMs, visibleMs, content: this.#insertedContent(text.toWellFormed()) })
  }

  /** Returns the visible items of this second, in order of insertion. */
  at(second: number, nowMs: number): readonly StoredItem[] {
    const stored = this.#seconds.get(second)
    if (stored === undefined) return []
    if (!stored.sorted) stored.items.sort((a, b) => a.insertionMs - b.insertionMs)
    stored.sorted = true
    return stored.visibleMs <= nowMs
      ? stored.items
      : stored.items.filter(({ visibleMs }) => visibleMs <= nowMs)
  }

  #generateSecond(second: number): void {
    const { org, mix } = this.#options
    const chance = this.#calls.chance('second', second)
    const { recordsPerMinute } = org
    const rate = typeof recordsPerMinute === 'number' ? recordsPerMinute : recordsPerMinute(second * 1_000)
    let left = rate / 60
    for (let number = 0; left > 0; number += 1) {
      // A call with more records than are left is generated with a proportional probability, so that the
      // average rate is right. A call has at least one record, so the roll often rules a call out before it
      // is planned.
      const roll = chance.next()
      if (roll >= left) break
      const planned = this.#calls.plan(second, number)
      const records = planned.legs.length
      if (roll < left / records) this.#storeCall(planned, second, number)
      left -= records
    }
    for (let strange = (mix.strangeShare * rate) / 60; chance.happens(strange); strange -= 1) {
      const atMs = second * 1_000 + chance.integer(0, 999)
      this.insert(atMs, strangeItem(chance, atMs))
    }
  }

  #storeCall({ legs }: PlannedCall, second: number, number: number): void {
    const call = new GeneratedCall(this.#calls, second, number)
    for (const [index, { leg, insertions }] of legs.entries()) {
      const contents: [Content?, Content?] = []
      for (const { insertionMs, visibleMs, revised } of insertions) {
        const version = revised ? 1 : 0
        contents[version] ??= new Content({
          org: this.#options.org.name,
          source: new GeneratedText(call, index, revised),
          isRecord: true,
          location: leg.location,
        })
        this.#store({ insertionMs, visibleMs, content: contents[version] })
      }
    }
  }

  #insertedContent(text: string): Content {
    const known = this.#insertedContents.get(text)
    if (known !== undefined) return known
    const { reportId, isRecord, location } = describeItem(text)
    const source = { text: () => text, reportId: () => reportId }
    const content = new Content({ org: this.#options.org.name, source, isRecord, location })
    this.#insertedContents.set(text, content)
    return content
  }

  #store(item: StoredItem): void {
    const { insertionMs, visibleMs, content } = item
    const { settleMs, retentionMs, ledger } = this.#options
    const availableMs = Math.max(visibleMs, insertionMs + settleMs)
    // An item that expires before it becomes visible can never be read.
    if (availableMs > insertionMs + retentionMs) return
    if (content.availableMs === Number.POSITIVE_INFINITY) ledger.add(content)
    content.inserted(insertionMs, availableMs)
    const second = Math.floor(insertionMs / 1_000)
    const stored = this.#seconds.get(second) ?? { items: [], sorted: true, visibleMs: 0 }
    stored.items.push(item)
    stored.sorted = false
    stored.visibleMs = Math.max(stored.visibleMs, visibleMs)
    this.#seconds.set(second, stored)
    this.#droppedToSec = Math.min(this.#droppedToSec, second)
  }

  #drop(toSec: number): void {
    for (; this.#droppedToSec < toSec; this.#droppedToSec += 1) this.#seconds.delete(this.#droppedToSec)
  }
}
