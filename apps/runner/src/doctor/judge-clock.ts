import { showSpan } from '../status/show-amount.ts'
import { notChecked, ok, type Result, warning } from './check.ts'

/** A Date header has whole seconds, and a line its delays. */
const usualSkewMs = 5_000

/**
 * Our clock against the server's. It is never a problem: the collector goes by the server's clock. The times
 * of acceptance, and what people compare with their own logs, go by ours. Times in milliseconds;
 * `serverDateMs` null: there is none to be believed.
 */
export function judgeClock(serverDateMs: number | null, sentAtMs: number, answeredAtMs: number): Result {
  if (serverDateMs === null) {
    return notChecked(
      'no-date',
      'the answer has no Date that can be believed: it is missing, or more than a year from the clock of this machine',
    )
  }
  const aheadMs = skewMs(serverDateMs, sentAtMs, answeredAtMs)
  if (Math.abs(aheadMs) < usualSkewMs)
    return ok('clock-right', 'the clock of this machine agrees with that of Webex')
  const direction = aheadMs > 0 ? 'ahead of' : 'behind'
  return warning(
    'clock-off',
    `the clock of this machine is ${showSpan(Math.abs(aheadMs) / 1_000)} ${direction} that of Webex`,
    'Nothing is lost by that: collecting goes by the clock of Webex. But times in the log and of acceptance are off. Let this machine take its time from the network (NTP), and restart a collector that runs.',
  )
}

/**
 * By how much we are ahead at least; negative: behind. The server wrote its Date between our sending and its
 * arrival.
 */
function skewMs(serverDateMs: number, sentAtMs: number, answeredAtMs: number): number {
  const latestMs = serverDateMs + 1_000
  if (sentAtMs > latestMs) return sentAtMs - latestMs
  return Math.min(0, answeredAtMs - serverDateMs)
}
