import { Content } from './content.ts'
import { describeItem } from './describe-item.ts'
import { GeneratedCall, GeneratedCalls, GeneratedText, type PlannedCall } from './generated-calls.ts'
import type { LedgerBook } from './ledger-book.ts'
import { strangeItem } from './records/strange-item.ts'
import type { RecordMix, SimulatedOrg } from './simulator-options.ts'
import type { TextCache } from './text-cache.ts'

/** One insertion into the cloud's store. */
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

/** What was inserted in one second. */
interface StoredSecond {
  readonly items: StoredItem[]
  sorted: boolean
  /** From when on all of them are visible. */
  visibleMs: number
}

/** What one org's calls put into the store, by insertion; made as time goes on, forgotten when it has expired. */
export class TimeLine {
  readonly #options: TimeLineOptions
  readonly #calls: GeneratedCalls
  readonly #seconds = new Map<number, StoredSecond>()
  /** By text: what did not come from calls. */
  readonly #givenContents = new Map<string, Content>()
  #madeToSec: number
  #forgottenToSec: number
  #stopped = false

  constructor(options: TimeLineOptions) {
    this.#options = options
    this.#calls = new GeneratedCalls(options)
    this.#madeToSec = Math.floor(options.sinceMs / 1_000)
    this.#forgottenToSec = this.#madeToSec
  }

  get orgUuid(): string {
    return this.#calls.orgUuid
  }

  /** No calls end after what was made so far. */
  stop(): void {
    this.#stopped = true
  }

  /** Makes what time has brought. */
  advance(nowMs: number): void {
    const toSec = Math.floor(nowMs / 1_000)
    const expiredSec = Math.floor((nowMs - this.#options.retentionMs) / 1_000) - 1
    for (; !this.#stopped && this.#madeToSec < toSec; this.#madeToSec += 1) {
      this.#makeSecond(this.#madeToSec)
      this.#forget(Math.min(expiredSec, this.#madeToSec))
    }
    this.#forget(expiredSec)
  }

  /** Puts an item into the store that no call made. */
  insert(insertionMs: number, text: string, visibleMs = insertionMs): void {
    this.#store({ insertionMs, visibleMs, content: this.#givenContent(text.toWellFormed()) })
  }

  /** The visible items of this second, in order of insertion. */
  at(second: number, nowMs: number): readonly StoredItem[] {
    const stored = this.#seconds.get(second)
    if (stored === undefined) return []
    if (!stored.sorted) stored.items.sort((a, b) => a.insertionMs - b.insertionMs)
    stored.sorted = true
    return stored.visibleMs <= nowMs
      ? stored.items
      : stored.items.filter(({ visibleMs }) => visibleMs <= nowMs)
  }

  #makeSecond(second: number): void {
    const { org, mix } = this.#options
    const chance = this.#calls.chance('second', second)
    const { recordsPerMinute } = org
    const rate = typeof recordsPerMinute === 'number' ? recordsPerMinute : recordsPerMinute(second * 1_000)
    let left = rate / 60
    for (let number = 0; left > 0; number += 1) {
      // A call with more records than are left is made by chance, so that the rate is right in the mean. It has one at least: most of
      // those that are not made need not be planned.
      const lot = chance.next()
      if (lot >= left) break
      const planned = this.#calls.plan(second, number)
      const records = planned.legs.length
      if (lot < left / records) this.#storeCall(planned, second, number)
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

  #givenContent(text: string): Content {
    const known = this.#givenContents.get(text)
    if (known !== undefined) return known
    const { reportId, isRecord, location } = describeItem(text)
    const source = { text: () => text, reportId: () => reportId }
    const content = new Content({ org: this.#options.org.name, source, isRecord, location })
    this.#givenContents.set(text, content)
    return content
  }

  #store(item: StoredItem): void {
    const { insertionMs, visibleMs, content } = item
    const { settleMs, retentionMs, ledger } = this.#options
    const availableMs = Math.max(visibleMs, insertionMs + settleMs)
    // What expires before it becomes visible is never there for anybody.
    if (availableMs > insertionMs + retentionMs) return
    if (content.availableMs === Number.POSITIVE_INFINITY) ledger.add(content)
    content.inserted(insertionMs, availableMs)
    const second = Math.floor(insertionMs / 1_000)
    const stored = this.#seconds.get(second) ?? { items: [], sorted: true, visibleMs: 0 }
    stored.items.push(item)
    stored.sorted = false
    stored.visibleMs = Math.max(stored.visibleMs, visibleMs)
    this.#seconds.set(second, stored)
    this.#forgottenToSec = Math.min(this.#forgottenToSec, second)
  }

  #forget(toSec: number): void {
    for (; this.#forgottenToSec < toSec; this.#forgottenToSec += 1) this.#seconds.delete(this.#forgottenToSec)
  }
}
