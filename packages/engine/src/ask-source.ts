import type {
  Answer,
  BodyPermit,
  FailedAnswer,
  Item,
  RefusedAnswer,
  Source,
  SourceRequest,
} from './ports/index.ts'

/**
 * Asks the source; a bug in it, which shows as an exception, is a failed answer and not the end of the org.
 */
export async function askSource<Read>(
  source: Source,
  request: SourceRequest,
  read: (item: Item) => Read,
  signal: AbortSignal,
  body: BodyPermit,
): Promise<Answer<Read>> {
  try {
    return await source.ask(request, read, signal, body)
  } catch (cause) {
    return unsent('unreachable', cause)
  }
}

/** As `askSource`, for what comes before a request. */
export async function prepareSource(
  source: Source,
  signal: AbortSignal,
): Promise<RefusedAnswer | FailedAnswer | undefined> {
  try {
    return await source.prepare?.(signal)
  } catch (cause) {
    return unsent('sign-in', cause)
  }
}

function unsent(reason: FailedAnswer['reason'], cause: unknown): FailedAnswer {
  return {
    kind: 'failed',
    reason,
    status: null,
    retryAfterMs: null,
    answeredAtMs: null,
    serverDateMs: null,
    trackingId: null,
    detail: cause instanceof Error ? cause.name : 'unknown',
  }
}
