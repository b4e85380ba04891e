/**
 * How many of the last records a sink refused. More than 5 % of 1,000 is not about single records: something
 * is wrong with the sink.
 */
export interface RefusalWatch {
  /** Records dealt with since counting began. */
  readonly records: number
  readonly refused: number
  /**
   * The sink was paused for refusing too many: until a batch gets through, a second refusal pauses it again.
   */
  readonly onProbation: boolean
}

const windowRecords = 1_000
const tolerated = 0.05
/** The size of a batch on probation: few enough that a sink which takes them twice is not flooded. */
export const probationRecords = 20

export const unwatched: RefusalWatch = { records: 0, refused: 0, onProbation: false }
export const onProbation: RefusalWatch = { ...unwatched, onProbation: true }

/** Counts `refused` of a batch of `sent` records. Undefined: that is too many. */
export function watchRefused(watch: RefusalWatch, sent: number, refused: number): RefusalWatch | undefined {
  const counted = { ...watch, records: watch.records + refused, refused: watch.refused + refused }
  const limit = watch.onProbation
    ? Math.max(1, tolerated * sent)
    : tolerated * Math.max(windowRecords, watch.records + sent)
  return counted.refused > limit ? undefined : counted
}

/** Counts records that the sink took. */
export function watchAccepted(watch: RefusalWatch, records: number): RefusalWatch {
  const counted = watch.records + records
  return counted >= windowRecords ? unwatched : { ...watch, records: counted, onProbation: false }
}
