import type { Failed, Retry } from '@cdrstream/plugin'
import { RefusedRequest } from './server/refused-request.ts'
import { SinkFault } from './sink-fault.ts'

/**
 * The outcome that an error becomes. The sink never throws: five exceptions in a row make the engine look for a bad record, and no record is
 * to blame for a server that is down.
 */
export function classifyError(error: unknown): Retry | Failed {
  if (error instanceof SinkFault) {
    return { kind: 'failed', code: error.code, remedy: error.remedy, cause: error.cause ?? error }
  }
  if (error instanceof RefusedRequest && !isPassing(error.status)) {
    return {
      kind: 'failed',
      code: 'refused',
      remedy: `see in the log of Elasticsearch why it answers ${error.status} ${error.type}`.trimEnd(),
      cause: error,
    }
  }
  return { kind: 'retry', cause: error }
}

/** Too many requests, a time-out, or trouble of the server: the same request may succeed later. */
export function isPassing(status: number): boolean {
  return status === 408 || status === 429 || status >= 500
}
