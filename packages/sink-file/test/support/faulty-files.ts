import type { Files } from '../../src/files.ts'

/**
 * When the fault occurs:
 * - `before`: the call has no effect
 * - `half`: half of the appended bytes are written
 * - `after`: the call takes effect, but its result is lost
 */
export type Moment = 'before' | 'half' | 'after'

export interface Fault {
  /** The index of the call among the calls that can change something, from 0. */
  readonly at: number
  readonly moment: Moment
  /** After a crash, all later calls also fail. */
  readonly crash: boolean
  readonly error: Error
}

export interface FaultyFiles {
  readonly files: Files
  /** The number of calls so far that can change something. */
  calls(): number
  crashed(): boolean
}

/** Returns a file system that fails or crashes at one call. */
export function faultyFiles(
  inner: Files,
  fault: Fault | undefined,
  look: () => void = () => {},
): FaultyFiles {
  let calls = 0
  let crashed = false

  const step = async <Result>(
    work: () => Promise<Result>,
    half?: () => Promise<unknown>,
  ): Promise<Result> => {
    if (crashed) throw fault?.error
    const call = calls++
    if (call !== fault?.at) {
      const result = await work()
      look()
      return result
    }
    crashed = fault.crash
    if (fault.moment === 'half') await half?.()
    if (fault.moment === 'after') await work()
    look()
    throw fault.error
  }
  const readOnly = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (crashed) throw fault?.error
    return work()
  }

  const files: Files = {
    makeDirectory: (path) => step(() => inner.makeDirectory(path)),
    look: (path) => readOnly(() => inner.look(path)),
    list: (path) => readOnly(() => inner.list(path)),
    readText: (path) => readOnly(() => inner.readText(path)),
    readChunks: (path) => inner.readChunks(path),
    append: (path, chunks, to) =>
      step(
        () => inner.append(path, chunks, to),
        () => inner.append(path, halfOf(chunks), to),
      ),
    sync: (path) => step(() => inner.sync(path)),
    syncDirectory: (path) => step(() => inner.syncDirectory(path)),
    rename: (from, to) => step(() => inner.rename(from, to)),
    remove: (path) => step(() => inner.remove(path)),
    mayWrite: (path) => readOnly(() => inner.mayWrite(path)),
    freeBytes: (path) => readOnly(() => inner.freeBytes(path)),
  }
  return { files, calls: () => calls, crashed: () => crashed }
}

function* halfOf(chunks: Iterable<Uint8Array>): Generator<Uint8Array> {
  const all = Buffer.concat(Array.from(chunks, (chunk) => Buffer.from(chunk)))
  yield all.subarray(0, Math.floor(all.length / 2))
}
