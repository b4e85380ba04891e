import { showCount, showSpan } from '../status/show-amount.ts'

/** The progress of a replay at a certain time. */
export interface ReplaySight {
  readonly done: number
  readonly total: number
  readonly atMs: number
}

const barCells = 30

/** Returns `[#####.....] 1,200 of 5,000 records, 24 %, about 3 m 10 s left`. */
export function replayProgressLine(first: ReplaySight, now: ReplaySight): string {
  const share = now.total === 0 ? 1 : now.done / now.total
  const filled = Math.round(share * barCells)
  const bar = `[${'#'.repeat(filled)}${'.'.repeat(barCells - filled)}]`
  const of = `${now.done.toLocaleString('en')} of ${showCount(now.total, 'record')}`
  const leftSec = secondsLeft(first, now)
  const left = leftSec === undefined ? '' : `, about ${showSpan(leftSec)} left`
  return `${bar} ${of}, ${Math.floor(share * 100)} %${left}`
}

/** Returns the remaining time at the average speed so far, or undefined if it is not known yet. */
function secondsLeft(first: ReplaySight, now: ReplaySight): number | undefined {
  const tookMs = now.atMs - first.atMs
  const done = now.done - first.done
  return tookMs < 1_000 || done <= 0 ? undefined : ((now.total - now.done) * tookMs) / done / 1_000
}
