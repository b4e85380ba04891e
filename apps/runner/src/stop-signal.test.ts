import { describe, expect, onTestFinished, test } from 'vitest'
import { type StopSignalOptions, stopSignal } from './stop-signal.ts'

/**
 * A process that receives signals at chosen times. `exits` contains the codes with which it ended at once.
 */
function signalled(hangup?: StopSignalOptions['hangup']) {
  let nowMs = 0
  const listeners = { stop: new Set<() => void>(), hangup: new Set<() => void>() }
  const listen = (kind: keyof typeof listeners) => (listener: () => void) => {
    listeners[kind].add(listener)
    return { [Symbol.dispose]: () => void listeners[kind].delete(listener) }
  }
  const exits: number[] = []
  const terminal = {
    onStop: listen('stop'),
    onHangup: listen('hangup'),
    exit: (code: number) => void exits.push(code),
  }
  const stop = stopSignal(terminal, { ...(hangup && { hangup }), nowMs: () => nowMs })
  onTestFinished(() => stop[Symbol.dispose]())
  const send = (kind: keyof typeof listeners, atMs: number) => {
    nowMs = atMs
    for (const listener of listeners[kind]) listener()
  }
  return { send, exits, stop, listeners }
}

describe('a request to stop', () => {
  test('that arrives several times within a second is one request', () => {
    const { send, exits, stop } = signalled()
    expect(stop.signal.aborted).toBe(false)
    for (const atMs of [100, 100, 350, 1_100]) send('stop', atMs)
    expect(stop.signal.aborted).toBe(true)
    expect(exits).toEqual([])
  })

  test('that arrives again after a second makes the process exit with code 1', () => {
    const { send, exits } = signalled()
    for (const atMs of [100, 900, 1_101]) send('stop', atMs)
    expect(exits).toEqual([1])
  })

  test('can be SIGHUP', () => {
    const { send, stop } = signalled()
    send('hangup', 1)
    expect(stop.signal.aborted).toBe(true)
  })

  test('is not SIGHUP for a process that outlives its terminal', () => {
    const { send, stop, listeners } = signalled('nothing')
    send('hangup', 1)
    expect(stop.signal.aborted).toBe(false)
    // Without a listener, SIGHUP would terminate the process.
    expect(listeners.hangup.size).toBe(1)
  })

  test('is no longer received after the end', () => {
    const { stop, listeners } = signalled()
    stop[Symbol.dispose]()
    expect(listeners.stop.size + listeners.hangup.size).toBe(0)
  })
})
