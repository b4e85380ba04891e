import type { SimulatedResponse, Simulator } from '@cdrstream/simulator'
import type { VirtualTime } from '@cdrstream-internal/virtual-time'
import type { Transport, TransportRequest, TransportResponse } from '../../src/index.ts'

/**
 * Sends requests to the simulator in virtual time, with a delay in each direction, and performs its faults.
 */
export function simulatedTransport(
  simulator: Simulator,
  time: VirtualTime,
  delayMs: () => number,
): Transport {
  return async (request) => {
    await pass(time, delayMs(), request.signal)
    const answer = handle(simulator, request)
    try {
      if (answer.fault === 'hang') return await untilAborted(request.signal)
      await pass(time, delayMs(), request.signal)
      if (answer.fault === 'drop' || answer.fault === 'cut-headers')
        throw new Error('the connection was closed')
    } finally {
      answer.ended?.()
    }
    return {
      status: answer.status,
      statusText: '',
      headers: answer.headers,
      body: bodyOf(answer, () => pass(time, answer.fault === 'slow' ? 2_000 : delayMs(), request.signal)),
    } satisfies TransportResponse
  }
}

function handle(simulator: Simulator, { url, method = 'GET', headers, body }: TransportRequest) {
  const { host, pathname, search } = new URL(url)
  return simulator.handle({
    method,
    url: `${pathname}${search}`,
    headers: { ...headers, host },
    ...(body !== undefined && { body }),
  })
}

async function* bodyOf(answer: SimulatedResponse, wait: () => Promise<void>): AsyncIterable<Uint8Array> {
  const bytes = Buffer.from(answer.body)
  await wait()
  if (answer.fault === 'cut') {
    yield bytes.subarray(0, bytes.length / 2)
    throw new Error('the connection was closed')
  }
  yield bytes
  answer.delivered()
}

function pass(time: VirtualTime, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancel = time.at(time.nowMs + ms, resolve)
    void untilAborted(signal).catch((cause) => {
      cancel()
      reject(cause)
    })
  })
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const abort = () => reject(new Error('aborted'))
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
  })
}
