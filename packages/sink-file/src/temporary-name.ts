import { randomBytes } from 'node:crypto'

/**
 * Returns a function that creates names for temporary files. The names are unique across processes, because a
 * reused name could be mistaken for a file in an older intent.
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
 * Returns whether a file in the work directory has a name created by the sink, compressed or not. Users may
 * have put other files there.
 */
export function isTemporaryName(name: string): boolean {
  return /^[0-9a-f]{16}-\d+\.ndjson(\.zst|\.gz)?$/.test(name)
}
