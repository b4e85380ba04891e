import type { Failed, Retry } from '@cdrstream/plugin'
import { errorCode, failed, faultOutcome, SinkFault } from '@cdrstream/sink-kit'

const fullDiskWaitMs = 5_000

/**
 * Returns the outcome that an error becomes. The file sink never throws: exceptions in a row make the engine
 * look for a bad record, and no record is to blame for a disk.
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
      return failedAt('read-only', 'mount the file system writable, or choose another directory', error)
    case 'ENOTDIR':
      return failedAt('not-a-directory', 'move away the file that lies where a directory is needed', error)
    default:
      return { kind: 'retry', cause: error }
  }
}

/** The remedy begins with the path, where the error has one. */
function failedAt(code: string, advice: string, cause: unknown): Failed {
  const path = cause instanceof Error && 'path' in cause ? `${cause.path}: ` : ''
  return failed(code, `${path}${advice}`, cause)
}
