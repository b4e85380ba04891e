import type { Simulator } from '@cdrstream/simulator'
import type { Transport, TransportResponse } from '@cdrstream/source-webex'
import type { Chance } from '@cdrstream-internal/chance'
import type { VirtualTime } from '@cdrstream-internal/virtual-time'

/**
 * Returns a transport that delivers requests to the simulator and its responses back, each with a random
 * delay in virtual time, and injects the simulator's faults. Calls `answered` with the status of each
 * response.
 */
export function simulatedTransport(
  simulator: Simulator,
  time: VirtualTime,
  chance: Chance,
  longestDelayMs: () => number,
  answered: (status: number) => void = () => {},
): Transport {
  const pass = (signal: AbortSignal) => wait(time, chance.between(1, longestDelayMs()), signal)
  return async ({ url, method = 'GET', headers, body, signal }) => {
    await pass(signal)
    const { pathname, search } = new URL(url)
    const answer = simulator.handle({
      method,
      url: `${pathname}${search}`,
      headers: lowerCased(headers),
      ...(body !== undefined && { body }),
    })
    if (answer.fault === 'hang') return new Promise((_, reject) => whenAborted(signal, reject))
    if (answer.fault === 'drop') throw new Error('the connection was closed')
    await pass(signal)
    answered(answer.status)
    const bytes = Buffer.from(answer.body)
    return {
      status: answer.status,
      statusText: '',
      headers: lowerCased(answer.headers),
      body: (async function* body() {
        await pass(signal)
        if (answer.fault === 'cut') {
          yield bytes.subarray(0, bytes.length / 2)
          throw new Error('the connection was closed')
        }
        yield bytes
        answer.delivered()
        answer.ended?.()
      })(),
    } satisfies TransportResponse
  }
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}

function wait(time: VirtualTime, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancel = time.at(time.nowMs + ms, resolve)
    whenAborted(signal, (cause) => {
      cancel()
      reject(cause)
    })
  })
}

function whenAborted(signal: AbortSignal, reject: (cause: Error) => void): void {
  const abort = () => reject(new Error('aborted'))
  if (signal.aborted) abort()
  else signal.addEventListener('abort', abort, { once: true })
}
