import type { EngineOptions } from './engine-options.ts'

const journalRetryMs = 5_000

/** Retries a journal operation until it succeeds or `stopping` is aborted. */
export async function retryUntilDone(
  work: () => Promise<void>,
  { platform, log }: Pick<EngineOptions, 'platform' | 'log'>,
  stopping: AbortSignal,
): Promise<void> {
  while (!stopping.aborted) {
    try {
      return await work()
    } catch (cause) {
      log.warn('the journal failed; waiting', { cause: String(cause) })
      await platform.clock.sleep(journalRetryMs, stopping)
    }
  }
}
