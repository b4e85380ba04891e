import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { Logger } from './call.ts'
import type { Sink } from './sink.ts'

/** What a sink's module exports as its default. Import and `create` do no I/O. */
export interface SinkPlugin<Options = unknown> {
  /** The version of this contract. */
  readonly cdrstream: 1
  /** What the sink is called in messages. */
  readonly name: string
  /** Checks the `options` of the configuration: zod, valibot and arktype schemas fit. It must refuse unknown keys. */
  readonly options: StandardSchemaV1<unknown, Options>
  readonly traits: SinkTraits | ((options: Options) => SinkTraits)
  /** Makes the sink. Connecting is for `open`. */
  create(options: Options, context: SinkContext): Sink
}

export interface SinkContext {
  /** The sink's name in the configuration. */
  readonly name: string
  /** The directory that relative paths in the options are meant from. Absolute. */
  readonly baseDirectory: string
  readonly log: Logger
}

/** What the engine may rely on, and what it should do for the sink. */
export interface SinkTraits {
  /**
   * - `key`: writing the same (org, key, rank) again is harmless, and a lower rank never replaces a higher one.
   * - `position`: the position is stored with the write, atomically, and `open` returns it.
   * - `none`: each record comes at least once, maybe twice after a crash. Said at start.
   */
  readonly idempotence: 'key' | 'position' | 'none'
  /** `latest`: a batch has of each key only the highest revision. `all` (default): each one. */
  readonly revisions?: 'latest' | 'all'
  readonly batch?: {
    /** The most records of a batch. Default 5,000. */
    readonly records?: number
    /** The most bytes of record text of a batch; a single larger record comes alone. Default 8 MB. */
    readonly bytes?: number
    /** How long a batch that is not full may wait for more, in milliseconds. Default 0. */
    readonly waitMs?: number
  }
  /** `flush` is called when a record that `through` does not cover is this old, in milliseconds. Default 1,000. */
  readonly flushAfterMs?: number
  /** After so many milliseconds a call is aborted and counts as `retry`. Default 60,000. */
  readonly timeoutMs?: number
}
