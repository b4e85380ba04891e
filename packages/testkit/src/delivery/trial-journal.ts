import { randomUUID } from 'node:crypto'
import type { Batch, CdrRecord, Position } from '@cdrstream/plugin'

/** So many records share a commit. */
const commitRecords = 4

/** A journal as far as a sink sees it, with what it remembers of the sink. */
export class TrialJournal {
  readonly records: readonly CdrRecord[]
  readonly incarnation: string
  /** The highest position that the sink has called durable. */
  acknowledged: Position
  /** Refused for good, by offset: why. */
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

  /** The records behind this position: one at least, and no more than these limits. */
  batch(from: Position, most: { readonly records: number; readonly bytes: number }, until = this.end): Batch {
    let offset = from.offset
    let bytes = 0
    while (offset < until.offset && offset < from.offset + most.records) {
      bytes += Buffer.byteLength(this.records[offset]?.text ?? '')
      if (bytes > most.bytes && offset > from.offset) break
      offset += 1
    }
    return { records: this.records.slice(from.offset, offset), from, to: this.position(offset) }
  }

  acknowledge(through: Position): void {
    if (through.offset > this.acknowledged.offset) this.acknowledged = through
  }
}
