import { randomUUID } from 'node:crypto'
import type { DeliverableRecord } from '@cdrstream/core'
import type { Batch, CdrRecord, Position } from '@cdrstream/plugin'

/** How many records share a commit. */
const commitRecords = 4

/** A record with its position in the journal. */
export interface TrialRecord extends DeliverableRecord {
  readonly record: CdrRecord
}

interface Limits {
  readonly records: number
  readonly bytes: number
}

/** The part of a journal that a sink sees, and the sink's state in the journal. */
export class TrialJournal {
  readonly records: readonly CdrRecord[]
  readonly incarnation: string
  /** The highest position that the sink has reported as durable. */
  acknowledged: Position
  /** Why records are in quarantine, by offset. */
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

  /**
   * The position that the journal has recorded for the sink, or null if the sink has acknowledged nothing.
   */
  get recorded(): Position | null {
    return this.acknowledged.offset === 0 ? null : this.acknowledged
  }

  /**
   * Returns the records after this position, within the limits, but at least one record unless the journal
   * ends there.
   */
  read(after: Position, limits: Limits, until = this.end) {
    let { offset } = after
    let bytes = 0
    while (offset < until.offset && offset < after.offset + limits.records) {
      bytes += Buffer.byteLength(this.records[offset]?.text ?? '')
      if (bytes > limits.bytes && offset > after.offset) break
      offset += 1
    }
    const records = this.records
      .slice(after.offset, offset)
      .map((record, index) => this.#at(record, after.offset + index + 1))
    return { records, to: this.position(offset) }
  }

  /** Returns a batch of the records after this position, except those in quarantine. */
  batch(from: Position, limits: Limits): Batch {
    const { records, to } = this.read(from, limits)
    const sent = records.filter(({ position }) => !this.refused.has(position.offset))
    return { records: sent.map(({ record }) => record), from, to }
  }

  /** Returns the offsets after this position that are in quarantine. */
  refusedAfter({ offset: after }: Position): readonly number[] {
    return [...this.refused.keys()].filter((offset) => offset > after)
  }

  acknowledge(through: Position): void {
    if (through.offset > this.acknowledged.offset) this.acknowledged = through
  }

  #at(record: CdrRecord, offset: number): TrialRecord {
    const { org, key, rank } = record
    return { org, key, rank, position: this.position(offset), record }
  }
}
