import type { PageCommit } from '@cdrstream/engine'
import { contentOf } from '@cdrstream/simulator'

/** One record that the journal took, as the oracle noted it beside the journal. */
export interface Acceptance {
  readonly offset: number
  /** The name that the org had first. */
  readonly org: string
  readonly key: string
  readonly rank: number
  readonly home: string
  /** A digest of its text, as the ledger has it. */
  readonly content: string
  /** Report time in milliseconds; null where there is none. */
  readonly reportMs: number | null
  readonly acceptedAtMs: number
  /** The real time of the commit, in milliseconds. */
  readonly committedMs: number
}

/** What a journal has, to be put back with it. */
export interface JournalMemory {
  readonly acceptances: readonly Acceptance[]
  readonly notRecords: ReadonlySet<string>
}

/**
 * Everything that was committed to the journal, kept beside it: what the journal gives back is compared with
 * this.
 */
export class JournalBook {
  /** Of the journal as it is now, by offset. */
  #acceptances: Acceptance[] = []
  #notRecords = new Set<string>()
  /** Also those that a journal had that was replaced since. */
  readonly #everByContent = new Map<string, Acceptance[]>()
  #losses = 0

  get acceptances(): readonly Acceptance[] {
    return this.#acceptances
  }

  /** How often the journal lost what it had. */
  get losses(): number {
    return this.#losses
  }

  commit(org: string, { records, quarantined }: PageCommit, endOffset: number, committedMs: number): void {
    const before = endOffset - records.length
    for (const [index, { key, rank, home, bytes, acceptedAtMs }] of records.entries()) {
      const text = Buffer.from(bytes).toString()
      const content = contentOf(text)
      const offset = before + 1 + index
      const reportMs = reportTime(text)
      const acceptance = { offset, org, key, rank, home, content, reportMs, acceptedAtMs, committedMs }
      this.#acceptances.push(acceptance)
      const id = `${org}|${content}`
      this.#everByContent.set(id, [...(this.#everByContent.get(id) ?? []), acceptance])
    }
    for (const { text } of quarantined)
      this.#notRecords.add(`${org}|${contentOf(Buffer.from(text).toString())}`)
  }

  /** Every acceptance of this content, also by a journal that was replaced since. */
  ever(org: string, content: string): readonly Acceptance[] {
    return this.#everByContent.get(`${org}|${content}`) ?? []
  }

  hasNotRecord(org: string, content: string): boolean {
    return this.#notRecords.has(`${org}|${content}`)
  }

  remember(): JournalMemory {
    return { acceptances: [...this.#acceptances], notRecords: new Set(this.#notRecords) }
  }

  /** The journal is from now on another one: an older copy of this one, or an empty one. */
  replace({ acceptances, notRecords }: JournalMemory): void {
    this.#acceptances = [...acceptances]
    this.#notRecords = new Set(notRecords)
    this.#losses += 1
  }
}

function reportTime(text: string): number | null {
  const written = /"Report time":"([^"]*)"/.exec(text)?.[1]
  const ms = written === undefined ? Number.NaN : Date.parse(written)
  return Number.isNaN(ms) ? null : ms
}
