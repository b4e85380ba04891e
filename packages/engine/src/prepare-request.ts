import type { Item } from '@cdrstream/core'
import type { BodyPermit, FailedAnswer, Prepared, Source, SourceRequest } from './ports/index.ts'

/**
 * Returns a prepared request from the source. An exception is a bug in the source, and counts as a
 * failed request and does not end collection, either here or when the request is sent.
 */
export async function prepareRequest(source: Source, signal: AbortSignal): Promise<Prepared> {
  try {
    const prepared = await source.prepare(signal)
    if (prepared.kind !== 'ready') return prepared
    return {
      kind: 'ready',
      async send<Read>(
        request: SourceRequest,
        read: (item: Item) => Read,
        signal: AbortSignal,
        body?: BodyPermit,
      ) {
        try {
          return await prepared.send(request, read, signal, body)
        } catch (cause) {
          return unsent('unreachable', cause)
        }
      },
    }
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
