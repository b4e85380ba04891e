import { showCount, showSpan } from '../status/show-amount.ts'

/** The state of a demo at one moment. */
export interface DemoPicture {
  readonly elapsedMs: number
  readonly forMs: number
  /** What the demo is doing. */
  readonly phase: string
  /** The number of record revisions returned by the API, in the journal, and published in files. */
  readonly shown: number
  readonly inJournal: number
  readonly inFiles: number
  /** The age of the newest second that was read, in seconds, or null if none was. */
  readonly freshnessSeconds: number | null
  /** The coverage of the span for which the API keeps records. */
  readonly coverageBar: string
  readonly initialRequestsLeft: number
  readonly pageRequestsLeft: number
}

/** Returns the lines for a terminal. */
export function pictureLines(picture: DemoPicture): readonly string[] {
  const { shown, inJournal, inFiles } = picture
  return [
    `records    ${showCount(shown, 'record')} shown by the API`,
    `           ${inJournal.toLocaleString('en')} in the journal, ${inFiles.toLocaleString('en')} in files`,
    `freshness  ${freshness(picture)}`,
    `coverage   ${picture.coverageBar}`,
    `requests   ${requests(picture)}`,
    `time       ${time(picture)}, ${picture.phase}`,
  ]
}

/** Returns the line for a pipe. */
export function pictureLine(picture: DemoPicture): string {
  const { shown, inJournal, inFiles } = picture
  const counts = [shown, inJournal, inFiles].map((count) => count.toLocaleString('en'))
  return [
    time(picture),
    `${counts[0]} shown, ${counts[1]} in the journal, ${counts[2]} in files`,
    freshness(picture),
    requests(picture),
  ].join(' · ')
}

function time({ elapsedMs, forMs }: DemoPicture): string {
  return `${(Math.min(elapsedMs, forMs) / 1_000).toFixed(0)} s of ${(forMs / 1_000).toFixed(0)} s`
}

function freshness({ freshnessSeconds }: DemoPicture): string {
  return freshnessSeconds === null
    ? 'nothing read yet'
    : `newest second read is ${showSpan(freshnessSeconds)} old`
}

function requests({ initialRequestsLeft, pageRequestsLeft }: DemoPicture): string {
  return `${initialRequestsLeft} initial and ${pageRequestsLeft} page requests left in this "minute" of 1 s`
}
