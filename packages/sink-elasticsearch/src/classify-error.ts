import type { Failed, Retry } from '@cdrstream/plugin'
import { classified, failed, faultOutcome, SinkFault } from '@cdrstream/sink-kit'
import { RefusedRequest, serverReason } from './server/refused-request.ts'

/** Returns the result of the work, or the outcome for the error that the work throws. */
export function guarded<Outcome>(work: () => Promise<Outcome>): Promise<Outcome | Retry | Failed> {
  return classified(work, classifyError)
}

/**
 * Returns the outcome for an error. Never refuses a record, because these errors do not concern a single
 * record.
 */
export function classifyError(error: unknown): Retry | Failed {
  if (error instanceof SinkFault) return faultOutcome(error)
  if (error instanceof RefusedRequest && !isTransient(error.status)) {
    return failed(
      'refused',
      `run "cdrstream doctor" to find the cause: Elasticsearch responded with ${`${error.status} ${error.type}`.trimEnd()}${serverReason(error)}`,
      error,
    )
  }
  return { kind: 'retry', cause: error }
}

/** Returns whether the same request may succeed later: too many requests, a timeout or a server error. */
export function isTransient(status: number): boolean {
  return status === 408 || status === 429 || status >= 500
}
