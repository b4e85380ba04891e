import type { Clock } from '@cdrstream/engine'
import { untilAborted } from './until-aborted.ts'

type TimedRun<T> =
  | { readonly kind: 'done'; readonly value: T }
  /** It took too long: the controller was aborted. */
  | { readonly kind: 'late' }
  /** It threw, or the controller was aborted by someone else. */
  | { readonly kind: 'failed'; readonly error: unknown }

/** Runs the work until it ends, the time is over, or the controller is aborted, whichever is first. */
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
