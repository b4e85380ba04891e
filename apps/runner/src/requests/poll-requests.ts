import type { Clock } from '@cdrstream/engine'
import type { Logger } from '@cdrstream/plugin'
import type { RequestExecutor } from './request-executor.ts'

const everyMs = 1_000

/** Carries out commands' requests until the signal is aborted. Retries each step that fails. */
export async function pollRequests(
  executor: RequestExecutor,
  { clock, log }: { readonly clock: Clock; readonly log: Logger },
  ending: AbortSignal,
): Promise<void> {
  let isFailing = false
  while (!ending.aborted) {
    try {
      await executor.step()
      if (isFailing) log.info('recovered', { part: 'requests' })
      isFailing = false
    } catch (cause) {
      if (!isFailing)
        log.warn('a request failed; retrying', {
          code: 'request-failed',
          cause: String(cause),
        })
      isFailing = true
    }
    await clock.sleep(everyMs, ending)
  }
}
