import { exitCodes } from './exit-code.ts'
import type { Terminal } from './terminal.ts'

export interface StopSignal extends Disposable {
  readonly signal: AbortSignal
}

export interface StopSignalOptions {
  /** What SIGHUP does. `stop` (default): the same as SIGTERM. `nothing`: for a process without a terminal. */
  readonly hangup?: 'stop' | 'nothing'
  /** In milliseconds. Default: the time since the process started. */
  readonly nowMs?: () => number
}

/**
 * One request to stop can arrive several times. systemd signals every process of a service, a terminal
 * signals every process of its foreground group, and npm and the bootstrap forward the signals that they
 * receive.
 */
const sameRequestMs = 1_000

/**
 * Returns a signal that is aborted by the first SIGTERM, SIGINT or SIGHUP. A second one, more than a second
 * later, terminates the process at once with code 1.
 */
export function stopSignal(
  terminal: Pick<Terminal, 'onStop' | 'onHangup' | 'exit'>,
  { hangup = 'stop', nowMs = () => performance.now() }: StopSignalOptions = {},
): StopSignal {
  const stopping = new AbortController()
  let firstAtMs: number | undefined
  const stop = () => {
    firstAtMs ??= nowMs()
    stopping.abort()
    if (nowMs() - firstAtMs > sameRequestMs) terminal.exit(exitCodes.failed)
  }
  const listeners = [terminal.onStop(stop), terminal.onHangup(hangup === 'stop' ? stop : () => {})]
  return {
    signal: stopping.signal,
    [Symbol.dispose]: () => {
      for (const listener of listeners) listener[Symbol.dispose]()
    },
  }
}
