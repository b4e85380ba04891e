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
      'the answer has no credible Date header: it is missing, or more than a year off the clock of this machine',
    )
  }
  const aheadMs = skewMs(serverDateMs, sentAtMs, answeredAtMs)
  if (Math.abs(aheadMs) < usualSkewMs)
    return ok('clock-right', 'the clock of this machine agrees with that of Webex')
  const direction = aheadMs > 0 ? 'ahead of' : 'behind'
  return warning(
    'clock-off',
    `the clock of this machine is ${showSpan(Math.abs(aheadMs) / 1_000)} ${direction} that of Webex`,
    'No records are lost, because collecting uses the clock of Webex. But the times in the log and of acceptance are off. Synchronize the clock of this machine (NTP), and restart the collector if it is running.',
  )
}

/**
 * Returns by how much at least this machine's clock is ahead; negative if it is behind. The server wrote its
 * Date between the request and the arrival of the response.
 */
function skewMs(serverDateMs: number, sentAtMs: number, answeredAtMs: number): number {
  const latestMs = serverDateMs + 1_000
  if (sentAtMs > latestMs) return sentAtMs - latestMs
  return Math.min(0, answeredAtMs - serverDateMs)
}
