import type { Failed, Retry } from '@cdrstream/plugin'
import { inItsOwnWords, RefusedRequest } from './server/refused-request.ts'
import { SinkFault } from './sink-fault.ts'

/** Returns what the work returns, or the outcome that its exception becomes. */
export async function guarded<Outcome>(work: () => Promise<Outcome>): Promise<Outcome | Retry | Failed> {
  try {
    return await work()
  } catch (error) {
    return classifyError(error)
  }
}

/**
 * Returns the outcome that an error becomes. A server that is down is no record's fault, so nothing here
 * refuses a record.
 */
export function classifyError(error: unknown): Retry | Failed {
  if (error instanceof SinkFault) {
    return { kind: 'failed', code: error.code, remedy: error.remedy, cause: error.cause ?? error }
  }
  if (error instanceof RefusedRequest && !isPassing(error.status)) {
    return {
      kind: 'failed',
      code: 'refused',
      remedy: `run "cdrstream doctor", which may find the cause: Elasticsearch answers ${`${error.status} ${error.type}`.trimEnd()}${inItsOwnWords(error)}`,
      cause: error,
    }
  }
  return { kind: 'retry', cause: error }
}

/**
 * Returns whether the same request may succeed later: too many requests, a time-out, or trouble of the
 * server.
 */
export function isPassing(status: number): boolean {
  return status === 408 || status === 429 || status >= 500
}
