import { type Chance, chanceOf } from './chance.ts'
import type { TextSource } from './content.ts'
import { type Directory, makeDirectory } from './records/directory.ts'
import { type Leg, reportIdOf } from './records/leg.ts'
import { makeCall } from './records/make-call.ts'
import { recordText } from './records/record-text.ts'
import type { RecordMix, SimulatedOrg } from './simulator-options.ts'
import type { Holder, TextCache } from './text-cache.ts'

/** A call without the text of its records. */
export interface PlannedCall {
  readonly startMs: number
  readonly legs: readonly PlannedLeg[]
}

export interface PlannedLeg {
  readonly leg: Leg
  /** When its record comes into the store: once, and maybe again. */
  readonly insertions: readonly Insertion[]
  /** Where it is revised: the Report time of the revision, in milliseconds after the beginning of the call. */
  readonly revisedReportMs: number | null
}

interface Insertion {
  readonly insertionMs: number
  readonly visibleMs: number
  readonly revised: boolean
}

/**
 * The calls of one org. A call is known by its second and its number in it, and can be made again from them at any time, the same each
 * time: so that only those texts take up room that are asked for.
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

  /** Chance of this org's own. */
  chance(...purpose: readonly (string | number)[]): Chance {
    return chanceOf(this.#seed, this.#org.name, ...purpose)
  }

  /** The first leg of the call ends within this second, so that none of its records can be inserted before. */
  plan(second: number, number: number): PlannedCall {
    const chance = this.chance(second, number)
    const legs = makeCall(this.#directory, chance)
    const firstReleaseMs = Math.min(...legs.map(({ releaseMs }) => releaseMs))
    const startMs = second * 1_000 + chance.integer(0, 999) - firstReleaseMs
    return { startMs, legs: legs.map((leg) => this.#planLeg(leg, startMs, chance)) }
  }

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
    const againMs = () => insertionMs + Math.floor(chance.next() * lateMaxMs)
    if (chance.happens(mix.repeatShare)) insertions.push(atOnce(againMs(), false))
    if (!chance.happens(mix.revisionShare)) return { leg, insertions, revisedReportMs: null }
    const revisedMs = againMs()
    const revisedReportMs = chance.happens(0.5) ? revisedMs - startMs : leg.releaseMs
    return { leg, insertions: [...insertions, atOnce(revisedMs, true)], revisedReportMs }
  }
}

function atOnce(insertionMs: number, revised: boolean): Insertion {
  return { insertionMs, visibleMs: insertionMs, revised }
}

export class GeneratedCall implements Holder {
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

/** The text of one of a call's records. */
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
