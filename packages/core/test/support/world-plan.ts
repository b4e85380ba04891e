import type { Position, SinkTraits } from '@cdrstream/plugin'
import fc from 'fast-check'

export interface TestRecord {
  readonly org: string
  readonly key: string
  readonly rank: number
  readonly position: Position
}

/** How a sink reacts to a record that it can never write. */
type PoisonReaction = 'names-it' | 'rejects' | 'throws'

export interface WorldPlan {
  readonly traits: SinkTraits
  /** The keys of the records in journal order; the rank of a record is its offset unless `ranks` is given. */
  readonly keys: readonly string[]
  readonly ranks?: readonly number[]
  /** Offsets of records that the sink can never write. */
  readonly poison: ReadonlySet<number>
  readonly reaction: PoisonReaction
  /** Whether accepted records reach the sink only with the next flush. */
  readonly buffers: boolean
  /** The fraction of calls with each kind of trouble. */
  readonly trouble: {
    readonly retry: number
    readonly throwHalfway: number
    readonly again: number
    readonly crash: number
    readonly journalFails: number
    readonly timeOut: number
  }
  /** A period in which every write and flush throws, and every `open` unless `opens` is set. */
  readonly outage?: { readonly toMs: number; readonly opens: boolean } | undefined
}

export const noTrouble: WorldPlan['trouble'] = {
  retry: 0,
  throwHalfway: 0,
  again: 0,
  crash: 0,
  journalFails: 0,
  timeOut: 0,
}

export const anyTrouble: fc.Arbitrary<WorldPlan['trouble']> = fc.record({
  retry: fc.constantFrom(0, 0.2),
  throwHalfway: fc.constantFrom(0, 0.1),
  again: fc.constantFrom(0, 0.3),
  crash: fc.constantFrom(0, 0.03),
  journalFails: fc.constantFrom(0, 0.1),
  timeOut: fc.constantFrom(0, 0.1),
})

export const anyIdempotence = fc.constantFrom('key' as const, 'position' as const, 'none' as const)
export const anyReaction = fc.constantFrom('names-it' as const, 'rejects' as const, 'throws' as const)
