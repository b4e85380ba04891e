import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { Logger } from './call.ts'
import type { SimpleSink } from './simple-sink.ts'
import type { Sink } from './sink.ts'

/**
 * The default export of a sink's module, made by `defineSink`. Neither importing it nor `create` may do I/O.
 */
export interface SinkPlugin<Options = unknown, Created extends Sink | SimpleSink = Sink> {
  /** The version of this contract. */
  readonly cdrstream: 1
  /** The name of this kind of sink, for messages. */
  readonly name: string
  /**
   * Validates the sink's `options` in the configuration. Schemas of zod, valibot and arktype all work. It
   * must reject unknown keys.
   */
  readonly options: StandardSchemaV1<unknown, Options>
  readonly traits: SinkTraits | ((options: Options) => SinkTraits)
  /** Creates the sink. It must not do I/O: connect in `open`. */
  create(options: Options, context: SinkContext): Created
}

/** What the engine passes to `create` in addition to the options. */
export interface SinkContext {
  /** The sink's name in the configuration. */
  readonly name: string
  /** The absolute path of the directory that relative paths in the options are resolved against. */
  readonly baseDirectory: string
  readonly log: Logger
}

/** What the engine can rely on, and what it should do for the sink. */
export interface SinkTraits {
  /**
   * - `key`: writing the same (org, key, rank) again is harmless, and a lower rank never replaces a higher
   *   one.
   * - `position`: the sink stores the position atomically with the write, and `open` returns it.
   * - `none`: each record is delivered at least once, and may be repeated after a crash. `run` warns at
   *   startup.
   */
  readonly idempotence: 'key' | 'position' | 'none'
  /**
   * Whether readers still see each record once if records are delivered again from an earlier position.
   * Required for `cdrstream replay`. Default: true with idempotence `key`, otherwise false. With idempotence
   * `position`, `write` must accept a batch that begins before the stored position, and store the batch's
   * end.
   */
  readonly replayable?: boolean
  /** `latest`: a batch contains only the highest revision of each key. `all` (default): every revision. */
  readonly revisions?: 'latest' | 'all'
  readonly batch?: {
    /** The maximum number of records in a batch. Default: 5,000. */
    readonly records?: number
    /** The maximum bytes of record text in a batch; a larger record gets its own batch. Default: 8 MB. */
    readonly bytes?: number
    /** How long a batch that is not full waits for more records, in milliseconds. Default: 0. */
    readonly waitMs?: number
  }
  /**
   * The engine calls `flush` when a record that `through` does not cover is this old, in milliseconds.
   * Default: 1,000.
   */
  readonly flushAfterMs?: number
  /** The engine aborts a call after this many milliseconds and treats it as an exception. Default: 60,000. */
  readonly timeoutMs?: number
}
