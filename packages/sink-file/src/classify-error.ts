import type { Failed, Retry } from '@cdrstream/plugin'
import { errorCode, failed, faultOutcome, SinkFault } from '@cdrstream/sink-kit'

const fullDiskWaitMs = 5_000

/**
 * Returns the outcome for an error. The file sink never throws, because after several exceptions the engine
 * searches for a faulty record, and a disk error is never a record's fault.
 */
export function classifyError(error: unknown): Retry | Failed {
  if (error instanceof SinkFault) return faultOutcome(error)
  switch (errorCode(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return { kind: 'retry', afterMs: fullDiskWaitMs, cause: error }
    case 'EACCES':
    case 'EPERM':
      return failedAt('permission-denied', 'allow the user that runs cdrstream to write there', error)
    case 'EROFS':
      return failedAt('read-only', 'mount the file system read-write, or choose another directory', error)
    case 'ENOTDIR':
      return failedAt(
        'not-a-directory',
        'move the file to another directory: a directory is required there',
        error,
      )
    default:
      return { kind: 'retry', cause: error }
  }
}

/** The remedy begins with the path, if the error has one. */
function failedAt(code: string, advice: string, cause: unknown): Failed {
  const path = cause instanceof Error && 'path' in cause ? `${cause.path}: ` : ''
  return failed(code, `${path}${advice}`, cause)
}
