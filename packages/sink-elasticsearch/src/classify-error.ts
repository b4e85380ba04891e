import type { Failed, Retry } from '@cdrstream/plugin'
import { classified, failed, faultOutcome, SinkFault } from '@cdrstream/sink-kit'
import { inItsOwnWords, RefusedRequest } from './server/refused-request.ts'

/** Returns what the work returns, or the outcome that its exception becomes. */
export function guarded<Outcome>(work: () => Promise<Outcome>): Promise<Outcome | Retry | Failed> {
  return classified(work, classifyError)
}

/**
 * Returns the outcome that an error becomes. A server that is down is no record's fault, so nothing here
 * refuses a record.
 */
export function classifyError(error: unknown): Retry | Failed {
  if (error instanceof SinkFault) return faultOutcome(error)
  if (error instanceof RefusedRequest && !isPassing(error.status)) {
    return failed(
      'refused',
      `run "cdrstream doctor", which may find the cause: Elasticsearch answers ${`${error.status} ${error.type}`.trimEnd()}${inItsOwnWords(error)}`,
      error,
    )
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
