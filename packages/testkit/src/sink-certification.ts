import type { CdrFields, CdrRecord, SinkTraits, StoredMark } from '@cdrstream/plugin'

/**
 * What the checks have to know of a sink, besides its plugin. It stands beside the sink in
 * `NAME.certification.ts`, as the default export, with `satisfies SinkCertification`.
 */
export interface SinkCertification<Given extends object = object> {
  /**
   * The sink's options, as they would stand in the configuration (JSON, paths absolute): a function that
   * makes a new place for each call, such as a schema, a prefix, a directory. `place` consists of `a-z`,
   * `0-9` and `_`, begins with a letter and has at most 40 characters. A value is one place that all checks
   * share, with orgs of their own; the checks do not know what else lies there, so it needs `erase`.
   */
  readonly options: Given | ((place: string) => Given | Promise<Given>)
  /**
   * Whether the checks may use a place that they did not have made: they write test records to it, break it,
   * and `cleanUp` may delete it. Default false: a value as `options`, and a place that holds records, are
   * refused.
   */
  readonly erase?: boolean
  /**
   * What a reader of the sink is shown there now: each key once, in its revision of the highest rank. It
   * returns what it finds: a key that a reader would see twice has to be in the list twice. Needed by nearly
   * all checks.
   */
  readBack?(options: Given): Promise<readonly ShownRecord[]>
  /**
   * The marks that a reader of the sink finds there now, by org. With it, `marks-accepted` also checks that a
   * mark is stored and combined with the one before, as `mergeMark` does.
   */
  readMarks?(options: Given): Promise<ReadonlyMap<string, StoredMark>>
  /** The traits that these options give. Needed if `plugin.traits` is a function. */
  readonly traits?: Pick<SinkTraits, 'idempotence' | 'revisions'>
  /**
   * The URL of the module that exports the plugin as its default: it is imported by child processes that are
   * killed.
   */
  readonly module?: string | URL
  /** Ways to break what the sink writes to. Resolves when it is broken. */
  readonly breakIt?: Breakage<Given>
  /** Undoes what `breakIt` did. Resolves when it works again. Needed with `breakIt`. */
  healIt?(options: Given): Promise<unknown>
  /**
   * The secrets in the options: passwords, keys. Without it they are guessed by the names of the options and
   * in URLs.
   */
  secrets?(options: Given): readonly string[]
  /**
   * Makes of an ordinary record one that this sink cannot take. Default: a record whose text is torn and
   * whose fields cannot be read.
   */
  poison?(record: CdrRecord): CdrRecord
  /** Removes a place. Called behind each check, whether it has passed or not. */
  cleanUp?(options: Given): Promise<unknown>
  /** How long a sink may answer `retry` without getting on, in milliseconds. Default 30,000. */
  readonly patienceMs?: number
  /** How often a process is killed in the middle of a write. Default 5. */
  readonly kills?: number
}

/** Each resolves when it is done; `healIt` undoes it. */
export interface Breakage<Given extends object = object> {
  /** Nobody answers, or not for now: a refused connection, a 503. */
  down?(options: Given): Promise<unknown>
  /** Needs a person: wrong credential, no right to write. */
  denied?(options: Given): Promise<unknown>
  /**
   * Connections are taken and nothing is answered, as by a suspended server. Makes the check of aborted calls
   * a hard one.
   */
  hang?(options: Given): Promise<unknown>
}

/**
 * A record as a reader of the sink sees it. The checks of content need `text`, or `fields` and `extra`; with
 * `text`, `fields` may come without `extra`.
 */
export interface ShownRecord {
  readonly org: string
  readonly key: string
  readonly rank: number
  readonly home?: string
  /**
   * By column; absent is as null; a time may be a Date. What is in `extra` under its name instead is kept as
   * well.
   */
  readonly fields?: Readonly<Partial<Record<keyof CdrFields, unknown>>>
  readonly extra?: ReadonlyMap<string, unknown> | Readonly<Record<string, unknown>>
  /** The JSON of the record. Compared by value. */
  readonly text?: string
}
