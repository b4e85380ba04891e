import type {
  Answer,
  Clock,
  FailedAnswer,
  Item,
  RefusedAnswer,
  Source,
  SourceRequest,
} from '@cdrstream/engine'
import { buildRequest } from './build-request.ts'
import { classifyAnswer, type ReplyBody } from './classify-answer.ts'
import { decodeBody } from './decode-body.ts'
import { type AnsweredExchange, exchange } from './exchange.ts'
import { firstHeader } from './first-header.ts'
import { safeWords } from './safe-words.ts'
import type { AccessTokenOutcome } from './sign-in/sign-in.ts'
import { splitItems } from './split-items.ts'
import { untilAborted } from './until-aborted.ts'
import { type WebexSourceOptions, type WebexSourceSettings, withDefaults } from './webex-source-options.ts'

/** Of the body of an error only its words are wanted. */
const maxErrorBodyBytes = 1_000_000

/** Reads the `cdr_stream` endpoint. One `ask` is one HTTP request, never more: retrying and waiting are the engine's. */
export function createWebexSource(options: WebexSourceOptions): Source {
  const settings = withDefaults(options)
  return {
    prepare: (signal) => prepare(settings, signal),
    ask: (request, read, signal) => ask(settings, request, read, signal),
  }
}

async function prepare(
  { signIn }: WebexSourceSettings,
  signal: AbortSignal,
): Promise<RefusedAnswer | FailedAnswer | undefined> {
  const outcome = await untilAborted(signal, signIn.accessToken(signal)).catch(aborted)
  return outcome.kind === 'token' ? undefined : withoutToken(outcome)
}

async function ask<Read>(
  settings: WebexSourceSettings,
  request: SourceRequest,
  read: (item: Item) => Read,
  signal: AbortSignal,
): Promise<Answer<Read>> {
  const trackingId = settings.newTrackingId()
  const outcome = await untilAborted(signal, settings.signIn.accessToken(signal)).catch(aborted)
  if (outcome.kind !== 'token') return withoutToken(outcome)
  const { token } = outcome
  const maxBytes = (status: number) => (status === 200 ? settings.maxBodyBytes : maxErrorBodyBytes)
  const built = buildRequest(request, { ...settings, token, trackingId })
  const result = await exchange(built, { ...settings, maxBytes }, signal)
  if (result.kind === 'unanswered') {
    return unanswered(result.reason, safeWords(result.detail, token), trackingId)
  }
  const body = await readReplyBody(result, maxBytes(result.status), read, settings.clock, signal)
  return afterSignIn(classifyAnswer({ ...result, body, sentTrackingId: trackingId }, token), token, settings)
}

/** What the answer tells of the token, and the sign-in of a token that was not accepted. */
function afterSignIn<Read>(
  answer: Answer<Read>,
  token: string,
  { signIn }: WebexSourceSettings,
): Answer<Read> {
  if (answer.kind === 'page') signIn.accepted(token)
  if (answer.kind !== 'refused' || answer.reason !== 'token') return answer
  const refused = signIn.rejected(token)
  if (refused !== undefined) {
    const { code, remedy } = refused
    return { ...answer, ...(code && { code }), ...(remedy && { remedy }) }
  }
  const { reason: _, ...rest } = answer
  return { ...rest, kind: 'failed', reason: 'token', retryAfterMs: null }
}

type WithoutToken = Exclude<AccessTokenOutcome, { kind: 'token' }>

/** No request was sent. */
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

/** A sign-in rejects only when it is aborted. */
function aborted(): WithoutToken {
  return { kind: 'failed', reason: 'unreachable', status: null, retryAfterMs: null, detail: 'aborted' }
}

async function readReplyBody<Read>(
  { status, headers, body }: AnsweredExchange,
  maxBytes: number,
  read: (item: Item) => Read,
  clock: Clock,
  signal: AbortSignal,
): Promise<ReplyBody<Read>> {
  if (body.kind === 'fault') return body
  const work = async (): Promise<ReplyBody<Read>> => {
    const decoded = await decodeBody(body.bytes, firstHeader(headers, 'content-encoding'), maxBytes)
    if (decoded.kind === 'fault' || status !== 200) return decoded
    const split = await splitItems(decoded.text, read, async () => {
      await clock.yield()
      signal.throwIfAborted()
    })
    return split.kind === 'items' ? split : { kind: 'fault', reason: 'malformed', detail: split.detail }
  }
  try {
    return await untilAborted(signal, work())
  } catch (error) {
    if (!signal.aborted) throw error
    return { kind: 'fault', reason: 'unreachable', detail: 'aborted' }
  }
}

function unanswered(reason: FailedAnswer['reason'], detail: string, trackingId: string): FailedAnswer {
  return {
    kind: 'failed',
    answeredAtMs: null,
    serverDateMs: null,
    trackingId,
    status: null,
    reason,
    retryAfterMs: null,
    detail,
  }
}
