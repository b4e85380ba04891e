import { firstHeader } from '../first-header.ts'
import { parseLinkHeader } from '../parse-link-header.ts'
import type { BodyFault } from '../read-body.ts'
import { readErrorBody } from '../read-error-body.ts'
import type { RegionVerdict } from '../region/org-address.ts'
import type { NoReply } from '../reply.ts'
import type { Circumstances, StreamHttpReply } from './stream-reply.ts'

/** A feature of a reply, besides its status, that distinguishes one meaning from another. */
export interface Sign<Of> {
  /** For the documentation. */
  readonly description: string
  holds(reply: Of, circumstances: Circumstances): boolean
}

type HttpSign = Sign<StreamHttpReply<unknown>>

export function linkIs(kind: ReturnType<typeof parseLinkHeader>['kind'], description: string): HttpSign {
  return {
    description,
    holds: ({ status, body, headers }) =>
      (status === 204 || body.kind === 'items') && parseLinkHeader(headers.link).kind === kind,
  }
}

export function bodyLacks(
  reason: BodyFault['reason'],
  description: string,
  flaw?: BodyFault['flaw'],
): HttpSign {
  return {
    description,
    holds: ({ body }) =>
      body.kind === 'fault' && body.reason === reason && (flaw === undefined || body.flaw === flaw),
  }
}

/** An error that arrived with the status of a page. */
export const isEmptyWithErrors: HttpSign = {
  description: 'no items, but errors',
  holds: ({ body }) => body.kind === 'items' && body.items.length === 0 && body.hasErrors === true,
}

/** The body did not arrive completely. A body that was too large did arrive, so it does not count. */
export const isBodyLost: HttpSign = {
  description: 'the body is truncated, late or in an unknown encoding',
  holds: ({ body }) => body.kind === 'fault' && body.reason !== 'too-large',
}

/** This text has been observed (API facts, section 8). */
export const saysNoRecords: HttpSign = {
  description: 'an error body with the text "No CDRs for requested time range"',
  holds: (reply) =>
    errorWords(reply).some((words) => words.toLowerCase().includes('no cdrs for requested time range')),
}

/** The topics that a 403 can mention. */
const topics = {
  scope: /\bscopes?\b/i,
  role: /\b(roles?|privileges?|admin(istrator)?s?)\b/i,
  app: /\b(app|application|integration|client)\b.{0,60}\b(not|un|in)[ -]?(been )?(authori[sz]ed|approved|allowed|enabled|active)/i,
} as const

type Topic = keyof typeof topics

/**
 * At least one sentence of the error mentions this topic and no other. The usual sentence, "missing required
 * scopes or … missing required roles or licenses", mentions two topics and is inconclusive.
 */
export function isAbout(topic: Topic, description: string): HttpSign {
  return { description, holds: (reply) => topicsOf(reply).has(topic) }
}

function topicsOf(reply: StreamHttpReply<unknown>): ReadonlySet<Topic> {
  const hasScopeError = /\binsufficient_scope\b/i.test(firstHeader(reply.headers, 'www-authenticate') ?? '')
  const unambiguous = errorWords(reply)
    .map(about)
    .filter(({ length }) => length === 1)
  return new Set([...(hasScopeError ? (['scope'] as const) : []), ...unambiguous.flat()])
}

function about(sentence: string): readonly Topic[] {
  // The names of scopes also mention administrators.
  const words = sentence.replace(/\bspark[\w-]*:\w+/gi, '')
  // Sentences about app authorization also mention administrators and scopes.
  if (topics.app.test(words)) return ['app']
  return (['scope', 'role'] as const).filter((topic) => topics[topic].test(words))
}

/** HTML, which is sent by something between this machine and the API. */
export const isHtml: HttpSign = {
  description: 'HTML',
  holds: ({ body }) => body.kind === 'text' && /^\s*</.test(body.text),
}

export function regionIs(kind: RegionVerdict['kind'], description: string): HttpSign {
  return { description, holds: (_, { region }) => region?.kind === kind }
}

/** This 404 has arrived enough times in a row to be trusted. */
export const isNotFoundAgain: HttpSign = {
  description: 'anything else, the third time in a row',
  holds: (_, { notFoundInARow = 1 }) => notFoundInARow >= 3,
}

export const isTokenRefused: HttpSign = {
  description: 'the sign-in has no other token',
  holds: (_, { tokenRefused }) => tokenRefused !== undefined,
}

export function failsWith(codes: readonly string[], description: string): Sign<NoReply> {
  return { description, holds: ({ faultCodes }) => faultCodes.some((code) => codes.includes(code)) }
}

export const isLate: Sign<NoReply> = {
  description: 'no headers arrive in time',
  holds: ({ reason }) => reason === 'timeout',
}

/** Returns the API's own error messages, the most useful one first. */
export function errorWords({ body }: StreamHttpReply<unknown>): readonly string[] {
  return body.kind === 'text' ? readErrorBody(body.text) : []
}
