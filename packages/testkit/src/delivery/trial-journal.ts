import { randomUUID } from 'node:crypto'
import type { Batch, CdrRecord, Position } from '@cdrstream/plugin'

/** How many records share a commit. */
const commitRecords = 4

/** The part of a journal that a sink sees, and what the journal remembers of the sink. */
export class TrialJournal {
  readonly records: readonly CdrRecord[]
  readonly incarnation: string
  /** The highest position that the sink has reported as durable. */
  acknowledged: Position
  /** The reasons why records are in quarantine, by offset. */
  readonly refused = new Map<number, string>()

  constructor(records: readonly CdrRecord[], incarnation: string = randomUUID()) {
    this.records = records
    this.incarnation = incarnation
    this.acknowledged = this.position(0)
  }

  position(offset: number): Position {
    const commit = offset === 0 ? '' : `${this.incarnation.slice(0, 8)}-${Math.ceil(offset / commitRecords)}`
    return { incarnation: this.incarnation, offset, commit }
  }

  get end(): Position {
    return this.position(this.records.length)
  }

  /** What the journal has recorded of the sink: null if it has acknowledged nothing. */
  get recorded(): Position | null {
    return this.acknowledged.offset === 0 ? null : this.acknowledged
  }

  /**
   * Returns the records after this position, up to these limits, with one at least unless the journal ends there. Those in quarantine are
   * left out, so that there may be none.
   */
  batch(from: Position, most: { readonly records: number; readonly bytes: number }, until = this.end): Batch {
    let offset = from.offset
    let bytes = 0
    while (offset < until.offset && offset < from.offset + most.records) {
      bytes += Buffer.byteLength(this.records[offset]?.text ?? '')
      if (bytes > most.bytes && offset > from.offset) break
      offset += 1
    }
    const records = this.records
      .slice(from.offset, offset)
      .filter((_, index) => !this.refused.has(from.offset + index + 1))
    return { records, from, to: this.position(offset) }
  }

  acknowledge(through: Position): void {
    if (through.offset > this.acknowledged.offset) this.acknowledged = through
  }
}
