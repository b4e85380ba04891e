import type { Clock } from '@cdrstream/engine'
import { untilAborted } from './until-aborted.ts'

type TimedRun<T> =
  | { readonly kind: 'done'; readonly value: T }
  /** The time was over, and the controller was aborted. */
  | { readonly kind: 'late' }
  /** The work threw, or the controller was aborted by someone else. */
  | { readonly kind: 'failed'; readonly error: unknown }

/**
 * Runs the work until it completes, `limitMs` has passed, or the controller is aborted, whichever comes
 * first.
 */
export async function runWithin<T>(
  limitMs: number,
  clock: Clock,
  controller: AbortController,
  work: () => Promise<T>,
): Promise<TimedRun<T>> {
  const ended = new AbortController()
  let late = false
  void clock.sleep(limitMs, ended.signal).then(() => {
    if (ended.signal.aborted) return
    late = true
    controller.abort(new Error('too late'))
  })
  try {
    return { kind: 'done', value: await untilAborted(controller.signal, work()) }
  } catch (error) {
    return late ? { kind: 'late' } : { kind: 'failed', error }
  } finally {
    ended.abort()
  }
}
