import type { PageCommit } from '@cdrstream/engine'
import { contentOf } from '@cdrstream/simulator'

/** A record that the journal accepted, as recorded by the oracle. */
export interface Acceptance {
  readonly offset: number
  /** The first name of the org. */
  readonly org: string
  readonly key: string
  readonly rank: number
  readonly home: string
  /** The digest of its text, as in the ledger. */
  readonly content: string
  /** Its Report time in milliseconds, or null if it has none. */
  readonly reportMs: number | null
  readonly acceptedAtMs: number
  /** The real time of the commit, in milliseconds. */
  readonly committedMs: number
}

/** The content of a journal, to restore together with the journal. */
export interface JournalMemory {
  readonly acceptances: readonly Acceptance[]
  readonly notRecords: ReadonlySet<string>
}

/** The oracle's own copy of everything that was committed to the journal, to compare the journal with. */
export class JournalBook {
  /** The acceptances of the current journal, by offset. */
  #acceptances: Acceptance[] = []
  #notRecords = new Set<string>()
  /** All acceptances by content, including acceptances in earlier journals. */
  readonly #everByContent = new Map<string, Acceptance[]>()
  #losses = 0

  get acceptances(): readonly Acceptance[] {
    return this.#acceptances
  }

  /** How many times the journal was replaced by an older or an empty one. */
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

  /** Returns every acceptance of this content, including acceptances in earlier journals. */
  everAccepted(org: string, content: string): readonly Acceptance[] {
    return this.#everByContent.get(`${org}|${content}`) ?? []
  }

  hasNotRecord(org: string, content: string): boolean {
    return this.#notRecords.has(`${org}|${content}`)
  }

  /** Returns the current content, for a later `replace`. */
  remember(): JournalMemory {
    return { acceptances: [...this.#acceptances], notRecords: new Set(this.#notRecords) }
  }

  /** Records that the journal was replaced by an older copy or by an empty one. */
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
