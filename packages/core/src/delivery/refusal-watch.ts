/**
 * How many of the most recent records a sink refused. If it refused more than 5 % of 1,000, the cause is not
 * single records but the sink.
 */
export interface RefusalWatch {
  /** The number of records handled since counting began. */
  readonly records: number
  readonly refused: number
  /**
   * The sink was paused because it refused too many records: until a batch is accepted, a second refusal
   * pauses it again.
   */
  readonly onProbation: boolean
}

const windowRecords = 1_000
const tolerated = 0.05
/**
 * The maximum size of a batch on probation: small enough not to flood a sink that writes the records twice.
 */
export const probationRecords = 20

/** The watch of a sink that has refused nothing. */
export const unwatched: RefusalWatch = { records: 0, refused: 0, onProbation: false }
/** The watch of a sink after a pause for refusing too many records. */
export const onProbation: RefusalWatch = { ...unwatched, onProbation: true }

/** Returns the watch after `refused` of `sent` records were refused, or undefined if that is too many. */
export function watchRefused(watch: RefusalWatch, sent: number, refused: number): RefusalWatch | undefined {
  const counted = { ...watch, records: watch.records + refused, refused: watch.refused + refused }
  const limit = watch.onProbation
    ? Math.max(1, tolerated * sent)
    : tolerated * Math.max(windowRecords, watch.records + sent)
  return counted.refused > limit ? undefined : counted
}

/** Returns the watch after the sink accepted this many records. */
export function watchAccepted(watch: RefusalWatch, records: number): RefusalWatch {
  const counted = watch.records + records
  return counted >= windowRecords ? unwatched : { ...watch, records: counted, onProbation: false }
}

/**
 * Returns how many records are refused for the first time. A repeated refusal is no evidence about the sink.
 */
export function newlyRefused(
  refused: readonly { readonly record: { readonly isRetried?: boolean | undefined } }[],
): number {
  return refused.filter(({ record }) => record.isRetried !== true).length
}
