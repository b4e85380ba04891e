import type { BodyPermit, Clock } from '@cdrstream/engine'
import type { BuiltRequest } from './build-request.ts'
import { faultCodes } from './fault-codes.ts'
import { type BodyBytes, type BodyFault, readBody } from './read-body.ts'
import type { Reply } from './reply.ts'
import { runWithin } from './run-within.ts'
import type { Transport } from './transport.ts'

interface ExchangeTerms {
  readonly transport: Transport
  readonly clock: Clock
  readonly headersMs: number
  readonly bodyMs: number
  /** The maximum body size in bytes of an answer with this status. */
  readonly maxBytes: (status: number) => number
  /** Default: bodies are read without waiting. */
  readonly permit?: BodyPermit
}

/**
 * Sends a request and reads the reply. Resolves soon after the signal is aborted, even if the transport
 * ignores it. Never rejects.
 */
export async function exchange(
  request: BuiltRequest,
  terms: ExchangeTerms,
  signal: AbortSignal,
): Promise<Reply<BodyBytes | BodyFault>> {
  const controller = new AbortController()
  const abort = () => controller.abort(signal.reason)
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await exchangeUntilAborted(request, terms, controller)
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

async function exchangeUntilAborted(
  request: BuiltRequest,
  { transport, clock, headersMs, bodyMs, maxBytes, permit }: ExchangeTerms,
  controller: AbortController,
): Promise<Reply<BodyBytes | BodyFault>> {
  const { signal } = controller
  const response = await runWithin(headersMs, clock, controller, async () =>
    transport({ ...request, signal }),
  )
  if (response.kind === 'late') {
    const detail = `no headers arrived within ${headersMs} ms`
    return { kind: 'unanswered', reason: 'timeout', faultCodes: [], detail }
  }
  if (response.kind === 'failed') {
    const { error } = response
    const detail = describeFault(error)
    return { kind: 'unanswered', reason: 'unreachable', faultCodes: faultCodes(error), detail }
  }
  const answeredAtMs = clock.nowMs()
  const { status, statusText, headers } = response.value
  const read = await runWithin(bodyMs, clock, controller, () =>
    readBody(response.value, maxBytes(status), permit, signal),
  )
  const answer = { kind: 'answered', answeredAtMs, status, statusText, headers } as const
  switch (read.kind) {
    case 'done':
      return { ...answer, body: read.value }
    case 'late':
      return {
        ...answer,
        body: {
          kind: 'fault',
          reason: 'timeout',
          detail: `the body did not arrive completely within ${bodyMs} ms`,
        },
      }
    case 'failed':
      return {
        ...answer,
        body: {
          kind: 'fault',
          ...(signal.aborted ? { reason: 'unreachable' } : { reason: 'malformed', flaw: 'cut' }),
          detail: `the body was cut off: ${describeFault(read.error)}`,
        },
      }
  }
}

/** Returns a short description of what a transport threw. */
function describeFault(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { code } = error as { code?: unknown }
  // An error for several addresses has only a code. Other errors repeat their code in the message.
  if (typeof code !== 'string' || error.message.includes(code)) return error.message || error.name
  return error.message === '' ? code : `${code}: ${error.message}`
}
