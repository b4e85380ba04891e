import { randomBytes } from 'node:crypto'

/**
 * Returns a function that makes names for temporary files. No other file has ever had such a name, in any
 * process: a file with a name from an older intent would be mistaken for that intent's file.
 */
export function temporaryNames(): () => string {
  const tag = randomBytes(8).toString('hex')
  let count = 0
  return () => {
    count += 1
    return `${tag}-${count}.ndjson`
  }
}

/**
 * Returns whether a file in the work directory is one of the sink's, compressed or not. A person may have put
 * others there.
 */
export function isTemporaryName(name: string): boolean {
  return /^[0-9a-f]{16}-\d+\.ndjson(\.zst|\.gz)?$/.test(name)
}
