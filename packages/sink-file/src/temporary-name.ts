import { randomBytes } from 'node:crypto'

/**
 * Gives out names for temporary files that no other one ever had, in whatever process: a file that lies there under the name of an old
 * intent would be taken for it.
 */
export function temporaryNames(): () => string {
  const tag = randomBytes(8).toString('hex')
  let count = 0
  return () => {
    count += 1
    return `${tag}-${count}.ndjson`
  }
}

/** Whether a file in the work directory is one of the sink's, compressed or not. A person may have put others there. */
export function isTemporaryName(name: string): boolean {
  return /^[0-9a-f]{16}-\d+\.ndjson(\.zst|\.gz)?$/.test(name)
}
