import { url as inspectorUrl } from 'node:inspector'
import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'

export interface WatchOptions {
  /** Sinks whose code is not our own. */
  readonly sinks: readonly WatchedSink[]
  /** For how long the event loop may be blocked by JavaScript, in milliseconds. Default 60,000. */
  readonly blockedMs?: number
  /** Lines for a person instead of JSON. */
  readonly pretty: boolean
}

export interface WatchedSink {
  readonly name: string
  /** The address of its module. */
  readonly url: string
}

/** What the thread is given. */
export interface WatchedLoop {
  /** Goes up by one with each turn of the heart of the main thread. */
  readonly beats: Int32Array
  readonly everyMs: number
  /** After this many turns without one, the main thread is blocked. */
  readonly mostSilent: number
  readonly sinks: readonly WatchedSink[]
  readonly pretty: boolean
}

const usualBlockedMs = 60_000
const mostSilent = 60

/**
 * Watches from a thread of its own whether the event loop turns, until disposed. One that is blocked by
 * JavaScript for too long, by an endless loop of a sink, neither collects nor stops at SIGTERM: the process
 * is ended with code 1, and the log names the sink and the line. With a debugger there is no watch, since
 * whoever steps through code blocks the loop as well.
 */
export function watchEventLoop({ sinks, blockedMs = usualBlockedMs, pretty }: WatchOptions): Disposable {
  if (inspectorUrl() !== undefined) return { [Symbol.dispose]: () => {} }
  const beats = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
  const everyMs = blockedMs / mostSilent
  const heart = setInterval(() => Atomics.add(beats, 0, 1), everyMs).unref()
  const workerData: WatchedLoop = { beats, everyMs, mostSilent, sinks, pretty }
  const worker = new Worker(new URL(`./watching-thread${extname(import.meta.url)}`, import.meta.url), {
    workerData,
    // It counts turns. The rest of the memory is for what it does in the end.
    resourceLimits: { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 2 },
  })
  worker.unref()
  // Without it the collector runs as well as with it.
  worker.on('error', () => {})
  return {
    [Symbol.dispose]: () => {
      clearInterval(heart)
      void worker.terminate()
    },
  }
}
