import type { Item } from '@cdrstream/core'
import type {
  Answer,
  BodyPermit,
  FailedAnswer,
  RefusedAnswer,
  Source,
  SourceRequest,
} from '@cdrstream/engine'
import { classifyAnswer } from './answers/classify-answer.ts'
import type { Circumstances, StreamBody, StreamReply } from './answers/stream-reply.ts'
import { buildRequest } from './build-request.ts'
import { decodeBody, decodeText } from './decode-body.ts'
import { exchange } from './exchange.ts'
import { firstHeader } from './first-header.ts'
import type { BodyBytes, BodyFault } from './read-body.ts'
import { findRegionHost } from './region/find-region-host.ts'
import type { HttpReply, Reply } from './reply.ts'
import type { AccessTokenOutcome } from './sign-in/sign-in.ts'
import { splitItems } from './split-items.ts'
import { untilAborted } from './until-aborted.ts'
import { type WebexSourceOptions, type WebexSourceSettings, withDefaults } from './webex-source-options.ts'

/** Only the messages in an error body are used. */
const maxErrorBodyBytes = 1_000_000

/**
 * Returns a source that reads the `cdr_stream` endpoint. One prepared request is exactly one HTTP request.
 * Retrying and waiting are up to the engine. Throws a RangeError if tokens may not be sent to `baseUrl`.
 */
export function createWebexSource(options: WebexSourceOptions): Source {
  const settings = withDefaults(options)
  const seen = { notFoundInARow: 0 }
  return {
    async prepare(signal) {
      const outcome = await untilAborted(signal, settings.signIn.accessToken(signal)).catch(aborted)
      if (outcome.kind !== 'token') return withoutToken(outcome)
      const { token } = outcome
      return {
        kind: 'ready',
        send: (request, read, signal, body) => send(settings, seen, token, request, read, signal, body),
      }
    },
  }
}

/** What earlier answers have shown. */
interface Seen {
  /** Consecutive 404 responses without the known text for no records. */
  notFoundInARow: number
}

async function send<Read>(
  settings: WebexSourceSettings,
  seen: Seen,
  token: string,
  request: SourceRequest,
  read: (item: Item) => Read,
  signal: AbortSignal,
  permit: BodyPermit | undefined,
): Promise<Answer<Read>> {
  const sentTrackingId = settings.newTrackingId()
  const baseUrl = await settings.address.current()
  const maxBytes = (status: number) => (status === 200 ? settings.maxBodyBytes : maxErrorBodyBytes)
  const built = buildRequest(request, { ...settings, baseUrl, token, trackingId: sentTrackingId })
  const sent = await exchange(built, { ...settings, maxBytes, ...(permit && { permit }) }, signal)
  const reply = await withBodyRead(sent, maxBytes, settings, read, signal, permit)
  const verdicts = await judge(reply, { baseUrl, token }, settings, seen)
  const answer = classifyAnswer(reply, { sentTrackingId, ...verdicts }, token)
  if (answer.kind === 'page') {
    settings.signIn.accepted(token)
    settings.address.accepted()
    seen.notFoundInARow = 0
  }
  return answer
}

/**
 * Reports the reply to the sign-in and the address, and returns their verdicts, which determine its meaning.
 */
async function judge(
  reply: StreamReply<unknown>,
  { baseUrl, token }: { readonly baseUrl: string; readonly token: string },
  { signIn, address }: WebexSourceSettings,
  seen: Seen,
): Promise<Omit<Circumstances, 'sentTrackingId'>> {
  if (reply.kind === 'unanswered') return {}
  seen.notFoundInARow = reply.status === 404 ? seen.notFoundInARow + 1 : 0
  switch (reply.status) {
    case 401: {
      const refused = signIn.refused(token)
      return refused === undefined ? {} : { tokenRefused: { code: refused.code, remedy: refused.remedy } }
    }
    case 404:
      return { notFoundInARow: seen.notFoundInARow }
    case 451: {
      const host = reply.body.kind === 'text' ? findRegionHost(reply.body.text) : undefined
      return { region: await address.sentAway(baseUrl, host) }
    }
    default:
      return {}
  }
}

type WithoutToken = Exclude<AccessTokenOutcome, { kind: 'token' }>

/** Returns the answer when no request was sent, because there is no token. */
function withoutToken(outcome: WithoutToken): RefusedAnswer | FailedAnswer {
  const { status, detail } = outcome
  const common = { answeredAtMs: null, serverDateMs: null, trackingId: null, status, detail }
  switch (outcome.kind) {
    case 'refused':
      return { ...common, kind: 'refused', reason: 'token', code: outcome.code, remedy: outcome.remedy }
    case 'failed':
      return { ...common, kind: 'failed', reason: 'sign-in', retryAfterMs: outcome.retryAfterMs }
  }
}

/** A sign-in rejects only if it is aborted. */
function aborted(): WithoutToken {
  return { kind: 'failed', reason: 'unreachable', status: null, retryAfterMs: null, detail: 'aborted' }
}

async function withBodyRead<Read>(
  reply: Reply<BodyBytes | BodyFault>,
  maxBytes: (status: number) => number,
  settings: WebexSourceSettings,
  read: (item: Item) => Read,
  signal: AbortSignal,
  permit: BodyPermit | undefined,
): Promise<StreamReply<Read>> {
  if (reply.kind === 'unanswered') return reply
  return {
    ...reply,
    body: await readStreamBody(reply, maxBytes(reply.status), settings, read, signal, permit),
  }
}

async function readStreamBody<Read>(
  { status, headers, body }: HttpReply<BodyBytes | BodyFault>,
  maxBytes: number,
  { clock, bounds }: WebexSourceSettings,
  read: (item: Item) => Read,
  signal: AbortSignal,
  permit: BodyPermit | undefined,
): Promise<StreamBody<Read>> {
  if (body.kind === 'fault') return body
  const work = async (): Promise<StreamBody<Read>> => {
    const encoding = firstHeader(headers, 'content-encoding')
    if (status !== 200) return decodeText(body.bytes, encoding, maxBytes)
    await permit?.decode()
    const page = await decodeBody(body.bytes, encoding, maxBytes)
    if (page.kind === 'fault') return page
    const yieldTurn = async () => {
      await clock.yield()
      signal.throwIfAborted()
    }
    const split = await splitItems(page.bytes, read, yieldTurn, bounds)
    switch (split.kind) {
      case 'items':
        return { ...split, release: () => releaseMemory(page.bytes) }
      case 'malformed':
        return { kind: 'fault', reason: 'malformed', ...flawOf(page.bytes), detail: split.detail }
      case 'too-large':
        return { kind: 'fault', reason: 'too-large', detail: split.detail }
    }
  }
  try {
    return await untilAborted(signal, work())
  } catch (error) {
    if (!signal.aborted) throw error
    return { kind: 'fault', reason: 'unreachable', detail: 'aborted' }
  }
}

/** Returns what is wrong with a body that is not a page. */
function flawOf(bytes: Buffer): Pick<BodyFault, 'flaw'> {
  const begin = bytes.toString('utf8', 0, 1_000).trimStart()
  if (begin === '') return { flaw: 'empty' }
  return begin.startsWith('<') ? { flaw: 'html' } : {}
}

/**
 * Frees the memory behind these bytes immediately, instead of at the next garbage collection. The caller must
 * be the only user of the memory. Small buffers share a Node pool and are left alone.
 */
function releaseMemory({ buffer }: Buffer): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength > Buffer.poolSize) buffer.transfer(0)
}
