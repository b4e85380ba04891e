import { type Chance, chanceOf } from './chance.ts'
import type { TextSource } from './content.ts'
import { type Directory, makeDirectory } from './records/directory.ts'
import { type Leg, reportIdOf } from './records/leg.ts'
import { makeCall } from './records/make-call.ts'
import { recordText } from './records/record-text.ts'
import type { RecordMix, SimulatedOrg } from './simulator-options.ts'
import type { TextCache, TextHolder } from './text-cache.ts'

/** A call, before the texts of its records are generated. */
export interface PlannedCall {
  readonly startMs: number
  readonly legs: readonly PlannedLeg[]
}

export interface PlannedLeg {
  readonly leg: Leg
  /** When its record is inserted into the store: at least once. */
  readonly insertions: readonly Insertion[]
  /**
   * The Report time of its revision, in milliseconds after the start of the call; null if it is never
   * revised.
   */
  readonly revisedReportMs: number | null
}

interface Insertion {
  readonly insertionMs: number
  readonly visibleMs: number
  readonly revised: boolean
}

/**
 * The calls of one org. A call is identified by its second and its number within the second, and can be
 * generated again from them at any time. Only texts that are requested take up memory.
 */
export class GeneratedCalls {
  readonly #org: Omit<SimulatedOrg, 'token'>
  readonly #seed: number
  readonly #mix: RecordMix
  readonly #cache: TextCache
  readonly #directory: Directory

  constructor(options: { org: Omit<SimulatedOrg, 'token'>; seed: number; mix: RecordMix; cache: TextCache }) {
    this.#org = options.org
    this.#seed = options.seed
    this.#mix = options.mix
    this.#cache = options.cache
    this.#directory = makeDirectory(this.chance('directory'), options.org.orgUuid)
  }

  get orgUuid(): string {
    return this.#directory.orgUuid
  }

  /** Returns a random generator for this org and purpose. */
  chance(...purpose: readonly (string | number)[]): Chance {
    return chanceOf(this.#seed, this.#org.name, ...purpose)
  }

  /**
   * Plans a call whose first leg ends within this second, so that none of its records can be inserted
   * earlier.
   */
  plan(second: number, number: number): PlannedCall {
    const chance = this.chance(second, number)
    const legs = makeCall(this.#directory, chance)
    const firstReleaseMs = Math.min(...legs.map(({ releaseMs }) => releaseMs))
    const startMs = second * 1_000 + chance.integer(0, 999) - firstReleaseMs
    return { startMs, legs: legs.map((leg) => this.#planLeg(leg, startMs, chance)) }
  }

  /**
   * Generates the texts of a call: for each leg, that of its record and that of the revision (empty if there
   * is none).
   */
  write(call: GeneratedCall): readonly string[] {
    const { startMs, legs } = this.plan(call.second, call.number)
    const texts = legs.flatMap(({ leg, revisedReportMs }, index) => {
      const fields = leg.fields(this.#chanceOfLeg(call, index))
      if (revisedReportMs === null) return [recordText(fields, startMs), '']
      const revised = { ...fields, 'Report time': revisedReportMs, Duration: Number(fields.Duration) + 1 }
      return [recordText(fields, startMs), recordText(revised, startMs)]
    })
    this.#cache.keep(call, texts)
    return texts
  }

  reportId(call: GeneratedCall, leg: number): string {
    return reportIdOf(this.#chanceOfLeg(call, leg))
  }

  #chanceOfLeg({ second, number }: GeneratedCall, leg: number): Chance {
    return this.chance(second, number, leg)
  }

  #planLeg(leg: Leg, startMs: number, chance: Chance): PlannedLeg {
    const mix = this.#mix
    const { insertionDelayMs, lateMaxMs } = mix
    const delayMs = chance.next() * (chance.happens(mix.lateShare) ? lateMaxMs : insertionDelayMs)
    const insertionMs = Math.floor(startMs + leg.releaseMs + delayMs)
    const lagMs = chance.happens(mix.lagShare) ? Math.floor(chance.next() * mix.lagMaxMs) : 0
    const first = { insertionMs, visibleMs: insertionMs + lagMs, revised: false }
    const insertions: Insertion[] = [first]
    if (chance.happens(mix.twinShare)) insertions.push(first)
    const laterMs = () => insertionMs + Math.floor(chance.next() * lateMaxMs)
    if (chance.happens(mix.repeatShare)) insertions.push(visibleAtOnce(laterMs(), false))
    if (!chance.happens(mix.revisionShare)) return { leg, insertions, revisedReportMs: null }
    const revisedMs = laterMs()
    const revisedReportMs = chance.happens(0.5) ? revisedMs - startMs : leg.releaseMs
    return { leg, insertions: [...insertions, visibleAtOnce(revisedMs, true)], revisedReportMs }
  }
}

function visibleAtOnce(insertionMs: number, revised: boolean): Insertion {
  return { insertionMs, visibleMs: insertionMs, revised }
}

/** A call in the store. Its texts are generated on demand. */
export class GeneratedCall implements TextHolder {
  readonly second: number
  readonly number: number
  readonly #calls: GeneratedCalls
  texts: readonly string[] | null = null

  constructor(calls: GeneratedCalls, second: number, number: number) {
    this.#calls = calls
    this.second = second
    this.number = number
  }

  text(leg: number, revised: boolean): string {
    const texts = this.texts ?? this.#calls.write(this)
    return texts[2 * leg + (revised ? 1 : 0)] ?? ''
  }

  reportId(leg: number): string {
    return this.#calls.reportId(this, leg)
  }
}

/** The text of one record of a call. */
export class GeneratedText implements TextSource {
  readonly #call: GeneratedCall
  readonly #leg: number
  readonly #revised: boolean

  constructor(call: GeneratedCall, leg: number, revised: boolean) {
    this.#call = call
    this.#leg = leg
    this.#revised = revised
  }

  text(): string {
    return this.#call.text(this.#leg, this.#revised)
  }

  reportId(): string {
    return this.#call.reportId(this.#leg)
  }
}
