import type { CdrFields, CdrRecord, SinkTraits, StoredMark } from '@cdrstream/plugin'

/**
 * What the checks need to know about a sink in addition to its plugin: the default export of
 * `NAME.certification.ts` beside the sink, with `satisfies SinkCertification`.
 */
export interface SinkCertification<Given extends object = object> {
  /**
   * The sink's options as in the configuration (JSON, with absolute paths): a function that creates a new
   * place for each call, such as a schema, a prefix or a directory. `place` consists of `a-z`, `0-9` and `_`,
   * begins with a letter, and has at most 40 characters. A fixed value is one place that all checks share,
   * each with its own orgs. It requires `erase`, because the checks cannot tell what else the place contains.
   */
  readonly options: Given | ((place: string) => Given | Promise<Given>)
  /**
   * Whether the checks may use an existing place: they write test records to it, break it, and `cleanUp` may
   * delete it. Default: false, which refuses a fixed value as `options` and a place that holds records.
   */
  readonly erase?: boolean
  /**
   * Returns what a reader of the sink sees in the place now: each key once, in its revision with the highest
   * rank. A key that a reader would see twice must be in the list twice. Nearly all checks need this.
   */
  readBack?(options: Given): Promise<readonly ShownRecord[]>
  /**
   * Returns the marks that a reader of the sink sees in the place now, by org. With it, `marks-accepted` also
   * checks that marks are stored and combined as `mergeMark` does.
   */
  readMarks?(options: Given): Promise<ReadonlyMap<string, StoredMark>>
  /** The sink's traits for these options. Required if `plugin.traits` is a function. */
  readonly traits?: Pick<SinkTraits, 'idempotence' | 'revisions'>
  /**
   * The URL of the module whose default export is the plugin. The child processes of the checks import it.
   */
  readonly module?: string | URL
  /** Ways to break the destination. */
  readonly breakIt?: Breakage<Given>
  /** Repairs what `breakIt` broke. Resolves once the destination works again. Required with `breakIt`. */
  healIt?(options: Given): Promise<unknown>
  /**
   * Returns the secrets in the options, such as passwords. Default: guessed from the options' names and from
   * URLs.
   */
  secrets?(options: Given): readonly string[]
  /**
   * Turns an ordinary record into one that this sink cannot write. Default: a record with truncated text,
   * whose fields cannot be read.
   */
  poison?(record: CdrRecord): CdrRecord
  /** Removes a place. Called after each check, whether or not the check passed. */
  cleanUp?(options: Given): Promise<unknown>
  /** How long a sink may answer `retry` without making progress, in milliseconds. Default: 30,000. */
  readonly patienceMs?: number
  /** How many processes to kill in the middle of a write. Default: 5. */
  readonly kills?: number
}

/** Ways to break the destination. Each resolves once it is broken, and `healIt` repairs it. */
export interface Breakage<Given extends object = object> {
  /** Makes the destination temporarily unavailable: it refuses connections, or answers 503. */
  down?(options: Given): Promise<unknown>
  /** Causes a problem that a person has to fix, such as a wrong password or a missing permission. */
  denied?(options: Given): Promise<unknown>
  /**
   * Makes the destination accept connections without answering, like a suspended server, to test aborted
   * calls.
   */
  hang?(options: Given): Promise<unknown>
}

/**
 * A record as a reader of the sink sees it. The content checks need `text`, or both `fields` and `extra`.
 * With `text`, `fields` may be given without `extra`.
 */
export interface ShownRecord {
  readonly org: string
  readonly key: string
  readonly rank: number
  readonly home?: string
  /**
   * The fields by column. A missing field counts as null, and a time may be a Date. A value may be in `extra`
   * instead, under the field's name.
   */
  readonly fields?: Readonly<Partial<Record<keyof CdrFields, unknown>>>
  readonly extra?: ReadonlyMap<string, unknown> | Readonly<Record<string, unknown>>
  /** The JSON text of the record, which is compared by value. */
  readonly text?: string
}
