import { showSpan } from '../status/show-amount.ts'
import { notChecked, ok, type Result, warning } from './check.ts'

/** A Date header has whole seconds, and a response takes time to arrive. */
const usualSkewMs = 5_000

/**
 * Compares this machine's clock with the server's. A difference is never a problem, because collecting uses
 * the server's clock. Only log and acceptance times use ours. `serverDateMs` is null if the response has no
 * credible date.
 */
export function judgeClock(serverDateMs: number | null, sentAtMs: number, answeredAtMs: number): Result {
  if (serverDateMs === null) {
    return notChecked(
      'no-date',
      'the response has no credible Date header: it is missing, or differs from the local clock by more than a year',
    )
  }
  const aheadMs = skewMs(serverDateMs, sentAtMs, answeredAtMs)
  if (Math.abs(aheadMs) < usualSkewMs) return ok('clock-right', 'the local clock agrees with the Webex clock')
  const direction = aheadMs > 0 ? 'ahead of' : 'behind'
  return warning(
    'clock-off',
    `the local clock is ${showSpan(Math.abs(aheadMs) / 1_000)} ${direction} the Webex clock`,
    'No records are lost, because collecting uses the Webex clock, but log times and acceptance times are wrong. Synchronize the local clock (NTP), and restart the collector if it is running.',
  )
}

/**
 * Returns the least by which this machine's clock is ahead, which is negative if it is behind. The server
 * wrote its Date between the request and the arrival of the response.
 */
function skewMs(serverDateMs: number, sentAtMs: number, answeredAtMs: number): number {
  const latestMs = serverDateMs + 1_000
  if (sentAtMs > latestMs) return sentAtMs - latestMs
  return Math.min(0, answeredAtMs - serverDateMs)
}
