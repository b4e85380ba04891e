import { setTimeout } from 'node:timers/promises'
import { workerData } from 'node:worker_threads'
import type { Logger } from '@cdrstream/plugin'
import { MainThread } from './main-thread.ts'
import { sinksAt } from './sinks-at.ts'
import type { WatchedLoop } from './watch-event-loop.ts'

/**
 * If the main thread is blocked outside JavaScript, such as by a slow disk, it is checked again after this
 * many turns.
 */
const patienceTurns = 60
/** The time between the two samples of the main thread. */
const secondLookTurns = 5

const loop: WatchedLoop = workerData
void watch()

/** Loaded on demand, because most threads never log anything. */
async function openLog(): Promise<Logger> {
  const { createWords } = await import('@cdrstream/core/words')
  const { createLogger } = await import('../log/create-logger.ts')
  // The log lines contain only names of sinks and files.
  return createLogger({ level: 'info', pretty: loop.pretty, words: createWords([]) })
}

/**
 * Counts turns instead of time, because both threads stand still while the machine sleeps or the process is
 * stopped.
 */
async function watch(): Promise<never> {
  let seen = 0
  let silent = 0
  for (;;) {
    await setTimeout(loop.everyMs)
    const beats = Atomics.load(loop.beats, 0)
    silent = beats === seen ? silent + 1 : 0
    seen = beats
    if (silent < loop.mostSilent) continue
    await endIfBlocked(seen)
    silent = loop.mostSilent - patienceTurns
  }
}

/**
 * Ends the process if two samples both find JavaScript running in the main thread, without a heartbeat
 * between them. While SQLite waits for the disk, or a sink waits for a child process, no JavaScript runs, and
 * the wait ends on its own.
 */
async function endIfBlocked(seen: number): Promise<void> {
  const log = await openLog()
  const isSilent = () => Atomics.load(loop.beats, 0) === seen
  using first = new MainThread()
  const isRunning = await first.pause()
  await first.resume()
  await setTimeout(secondLookTurns * loop.everyMs)
  if (!isSilent()) return
  if (!isRunning) {
    log.warn('the event loop is blocked outside of JavaScript; waiting', { code: 'event-loop-waiting' })
    return
  }
  using second = new MainThread()
  const place = await second.pause()
  if (place === undefined || !isSilent()) return second.resume()
  log.error('a sink blocks the event loop; ending the process', {
    code: 'event-loop-blocked',
    sinks: sinksAt(place.urls, loop.sinks),
    at: place.at,
    seconds: Math.round((loop.mostSilent * loop.everyMs) / 1_000),
  })
  await second.exit(1)
}
