import type { Failed, Retry } from '@cdrstream/plugin'
import { systemCode } from './files.ts'
import { SinkFault } from './sink-fault.ts'

const fullDiskWaitMs = 5_000

/**
 * Returns the outcome that an error becomes. The file sink never throws: exceptions in a row make the engine
 * look for a bad record, and no record is to blame for a disk.
 */
export function classifyError(error: unknown): Retry | Failed {
  if (error instanceof SinkFault) {
    return { kind: 'failed', code: error.code, remedy: error.remedy, cause: error.cause ?? error }
  }
  switch (systemCode(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return { kind: 'retry', afterMs: fullDiskWaitMs, cause: error }
    case 'EACCES':
    case 'EPERM':
      return failed('permission-denied', 'allow the user that runs cdrstream to write there', error)
    case 'EROFS':
      return failed('read-only', 'mount the file system writable, or choose another directory', error)
    case 'ENOTDIR':
      return failed('not-a-directory', 'move away the file that lies where a directory is needed', error)
    default:
      return { kind: 'retry', cause: error }
  }
}

function failed(code: string, advice: string, cause: unknown): Failed {
  const path = cause instanceof Error && 'path' in cause ? `${cause.path}: ` : ''
  return { kind: 'failed', code, remedy: `${path}${advice}`, cause }
}
