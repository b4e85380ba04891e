import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { Logger } from './call.ts'
import type { SimpleSink } from './simple-sink.ts'
import type { Sink } from './sink.ts'

/**
 * What a sink's module exports as its default; `defineSink` makes one. Neither the import nor `create` does
 * I/O.
 */
export interface SinkPlugin<Options = unknown, Created extends Sink | SimpleSink = Sink> {
  /** The version of this contract. */
  readonly cdrstream: 1
  /** What the sink is called in messages. */
  readonly name: string
  /**
   * Checks the `options` of the configuration: a schema of zod, valibot or arktype fits. It must refuse
   * unknown keys.
   */
  readonly options: StandardSchemaV1<unknown, Options>
  readonly traits: SinkTraits | ((options: Options) => SinkTraits)
  /** Makes the sink. Connecting is for `open`. */
  create(options: Options, context: SinkContext): Created
}

export interface SinkContext {
  /** The sink's name in the configuration. */
  readonly name: string
  /** The directory that relative paths in the options start from. Absolute. */
  readonly baseDirectory: string
  readonly log: Logger
}

/** What the engine can rely on, and what it should do for the sink. */
export interface SinkTraits {
  /**
   * - `key`: writing the same (org, key, rank) again is harmless, and a lower rank never replaces a higher one.
   * - `position`: the sink stores the position atomically with the write, and `open` returns it.
   * - `none`: each record comes at least once, and may come twice after a crash. `run` says so at startup.
   */
  readonly idempotence: 'key' | 'position' | 'none'
  /** `latest`: a batch has only the highest revision of each key. `all` (default): every revision. */
  readonly revisions?: 'latest' | 'all'
  readonly batch?: {
    /** The most records in a batch. Default 5,000. */
    readonly records?: number
    /** The most bytes of record text in a batch; a larger record comes alone. Default 8 MB. */
    readonly bytes?: number
    /** How long a batch that is not full may wait for more records, in milliseconds. Default 0. */
    readonly waitMs?: number
  }
  /**
   * The engine calls `flush` when a record that `through` does not cover is this old, in milliseconds.
   * Default 1,000.
   */
  readonly flushAfterMs?: number
  /** The engine aborts a call after this many milliseconds and treats it as an exception. Default 60,000. */
  readonly timeoutMs?: number
}
