/** Writes some of the bytes synchronously and returns how many. Throws if none can be written. */
type WriteBytes = (bytes: Uint8Array) => number

export interface DropLinesOptions {
  readonly write: WriteBytes
  /** Returns the line, with its line break, that reports how many lines were dropped and why. */
  readonly note: (dropped: number, code: string) => string
}

/** How long to wait for a slow reader of a non-blocking pipe. */
const waitsForReader = { times: 10, ms: 10 }

/**
 * Returns a function that writes a log line. The collector must not stop because of its log, so a line that
 * cannot be written (full disk, closed pipe) is dropped and counted, and the count is written before the next
 * line that can be written.
 */
export function dropLines({ write, note }: DropLinesOptions): (line: string) => void {
  let dropped = 0
  let code = ''
  let isMidLine = false

  function writes(text: string): boolean {
    let rest: Uint8Array = Buffer.from(isMidLine ? `\n${text}` : text)
    try {
      while (rest.length > 0) {
        rest = rest.subarray(writePatiently(write, rest))
        isMidLine = rest.length > 0
      }
      return true
    } catch (error) {
      code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
      return false
    }
  }

  return (line) => {
    if (dropped > 0 && writes(note(dropped, code))) dropped = 0
    if (dropped > 0 || !writes(line)) dropped += 1
  }
}

function writePatiently(write: WriteBytes, bytes: Uint8Array): number {
  for (let waited = 0; ; waited += 1) {
    try {
      return write(bytes)
    } catch (error) {
      const isBusy = error instanceof Error && 'code' in error && error.code === 'EAGAIN'
      if (!isBusy || waited === waitsForReader.times) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, waitsForReader.ms)
    }
  }
}
