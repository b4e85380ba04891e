import type { Answer, Item, Source, SourceRequest } from './ports/index.ts'

/** Asks the source; a bug in it, which shows as an exception, is a failed answer and not the end of the org. */
export async function askSource<Read>(
  source: Source,
  request: SourceRequest,
  read: (item: Item) => Read,
  signal: AbortSignal,
): Promise<Answer<Read>> {
  try {
    return await source.ask(request, read, signal)
  } catch (cause) {
    return {
      kind: 'failed',
      reason: 'unreachable',
      status: null,
      retryAfterMs: null,
      answeredAtMs: null,
      serverDateMs: null,
      trackingId: null,
      detail: cause instanceof Error ? cause.name : 'unknown',
    }
  }
}
