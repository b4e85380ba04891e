import { firstHeader } from '../first-header.ts'
import { parseLinkHeader } from '../parse-link-header.ts'
import type { BodyFault } from '../read-body.ts'
import { readErrorBody } from '../read-error-body.ts'
import type { RegionVerdict } from '../region/org-address.ts'
import type { NoReply } from '../reply.ts'
import type { Circumstances, StreamHttpReply } from './stream-reply.ts'

/** Something about an answer, beside its status, that tells one meaning from another. */
export interface Sign<Of> {
  /** For the documentation. */
  readonly says: string
  holds(reply: Of, circumstances: Circumstances): boolean
}

type HttpSign = Sign<StreamHttpReply<unknown>>

export function linkIs(kind: ReturnType<typeof parseLinkHeader>['kind'], says: string): HttpSign {
  return {
    says,
    holds: ({ status, body, headers }) =>
      (status === 204 || body.kind === 'items') && parseLinkHeader(headers.link).kind === kind,
  }
}

export function bodyLacks(reason: BodyFault['reason'], says: string, flaw?: BodyFault['flaw']): HttpSign {
  return {
    says,
    holds: ({ body }) =>
      body.kind === 'fault' && body.reason === reason && (flaw === undefined || body.flaw === flaw),
  }
}

/** An error that came with the status of a page. */
export const isEmptyWithErrors: HttpSign = {
  says: 'no items, but errors',
  holds: ({ body }) => body.kind === 'items' && body.items.length === 0 && body.hasErrors === true,
}

/** The body never came to its end; a larger one than anybody wants did come. */
export const isBodyLost: HttpSign = {
  says: 'the body is truncated, late or in an unknown encoding',
  holds: ({ body }) => body.kind === 'fault' && body.reason !== 'too-large',
}

/** The words have been seen (API facts, section 8). */
export const saysNoRecords: HttpSign = {
  says: 'an error body that says "No CDRs for requested time range"',
  holds: (reply) =>
    errorWords(reply).some((words) => words.toLowerCase().includes('no cdrs for requested time range')),
}

/** What a 403 can be about. */
const topics = {
  scope: /\bscopes?\b/i,
  role: /\b(roles?|privileges?|admin(istrator)?s?)\b/i,
  app: /\b(app|application|integration|client)\b.{0,60}\b(not|un|in)[ -]?(been )?(authori[sz]ed|approved|allowed|enabled|active)/i,
} as const

type Topic = keyof typeof topics

/**
 * One sentence of the error is about this and nothing else. The usual one, "missing required scopes or …
 * missing required roles or licenses", leaves it open.
 */
export function isAbout(topic: Topic, says: string): HttpSign {
  return { says, holds: (reply) => topicsOf(reply).has(topic) }
}

function topicsOf(reply: StreamHttpReply<unknown>): ReadonlySet<Topic> {
  const told = /\binsufficient_scope\b/i.test(firstHeader(reply.headers, 'www-authenticate') ?? '')
  const clear = errorWords(reply)
    .map(about)
    .filter(({ length }) => length === 1)
  return new Set([...(told ? (['scope'] as const) : []), ...clear.flat()])
}

function about(sentence: string): readonly Topic[] {
  // The names of scopes speak of administrators too.
  const words = sentence.replace(/\bspark[\w-]*:\w+/gi, '')
  // Who authorizes an app is an administrator, by its scopes.
  if (topics.app.test(words)) return ['app']
  return (['scope', 'role'] as const).filter((topic) => topics[topic].test(words))
}

/** HTML: not the API, but something between it and us. */
export const isHtml: HttpSign = {
  says: 'HTML',
  holds: ({ body }) => body.kind === 'text' && /^\s*</.test(body.text),
}

export function regionIs(kind: RegionVerdict['kind'], says: string): HttpSign {
  return { says, holds: (_, { region }) => region?.kind === kind }
}

/** Whether a 404 of this kind was seen so often already that it is believed. */
export const isNotFoundAgain: HttpSign = {
  says: 'anything else, the third time in a row',
  holds: (_, { notFoundInARow = 1 }) => notFoundInARow >= 3,
}

export const isTokenRefused: HttpSign = {
  says: 'the sign-in has no other token',
  holds: (_, { tokenRefused }) => tokenRefused !== undefined,
}

export function failsWith(codes: readonly string[], says: string): Sign<NoReply> {
  return { says, holds: ({ faultCodes }) => faultCodes.some((code) => codes.includes(code)) }
}

export const isLate: Sign<NoReply> = {
  says: 'no headers arrive in time',
  holds: ({ reason }) => reason === 'timeout',
}

/** The API's own words, the best for a person first. */
export function errorWords({ body }: StreamHttpReply<unknown>): readonly string[] {
  return body.kind === 'text' ? readErrorBody(body.text) : []
}
