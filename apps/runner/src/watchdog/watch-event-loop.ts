import { url as inspectorUrl } from 'node:inspector'
import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'

export interface WatchOptions {
  /** The custom sinks. */
  readonly sinks: readonly WatchedSink[]
  /** How long JavaScript may block the event loop, in milliseconds. Default: 60,000. */
  readonly blockedMs?: number
  /** Whether to write lines for a person instead of JSON. */
  readonly pretty: boolean
}

export interface WatchedSink {
  readonly name: string
  /** The URL of its module. */
  readonly url: string
}

/** The data for the thread. */
export interface WatchedLoop {
  /** Increases by one with each heartbeat of the main thread. */
  readonly beats: Int32Array
  readonly everyMs: number
  /** After this many turns without a heartbeat, the main thread counts as blocked. */
  readonly mostSilent: number
  readonly sinks: readonly WatchedSink[]
  readonly pretty: boolean
}

const usualBlockedMs = 60_000
const mostSilent = 60

/**
 * Watches the event loop from another thread until it is disposed. If JavaScript blocks the loop for too
 * long, as an endless loop in a sink does, the process can neither collect nor stop on SIGTERM. The watch
 * then terminates the process with code 1, and logs the sink and the line. There is no watch with a debugger
 * attached, because stepping through code also blocks the loop.
 */
export function watchEventLoop({ sinks, blockedMs = usualBlockedMs, pretty }: WatchOptions): Disposable {
  if (inspectorUrl() !== undefined) return { [Symbol.dispose]: () => {} }
  const beats = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
  const everyMs = blockedMs / mostSilent
  const heart = setInterval(() => Atomics.add(beats, 0, 1), everyMs).unref()
  const workerData: WatchedLoop = { beats, everyMs, mostSilent, sinks, pretty }
  const worker = new Worker(new URL(`./watching-thread${extname(import.meta.url)}`, import.meta.url), {
    workerData,
    // The thread needs little memory to count turns. The rest is for the log line at the end.
    resourceLimits: { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 2 },
  })
  worker.unref()
  // The collector also works without the watch.
  worker.on('error', () => {})
  return {
    [Symbol.dispose]: () => {
      clearInterval(heart)
      void worker.terminate()
    },
  }
}
