import { Chance } from '@cdrstream-internal/chance'
import { type EncodedBody, encodeBody } from './encode-body.ts'
import { makeErrorBody } from './make-error-body.ts'
import { type Headers, makeHeaders } from './make-headers.ts'
import { makePage } from './make-page.ts'

/**
 * A token that must appear only in the Authorization header. None of its letters has a special meaning after
 * a backslash.
 */
export const canaryToken = 'Canary-OWZlOGE3YjYtYzVkNC00ZTNmLTkyYTEtMGI5YzhkN2U2ZjVh'

/** How a server, or something in front of it, responds to one request. */
export type FuzzCase = AnsweredCase | UnansweredCase

export interface AnsweredCase {
  readonly kind: 'answered'
  readonly status: number
  readonly statusText: string
  readonly headers: Readonly<Headers>
  /** The body as sent on the wire. */
  readonly bytes: Buffer
  /** How the body ends, if at all. */
  readonly end: 'whole' | 'cut' | 'never'
}

interface UnansweredCase {
  readonly kind: 'unanswered'
  /** The error with which the connection fails. */
  readonly cause: unknown
}

/**
 * Returns the case with this number for this seed. The result is always the same and does not depend on other
 * cases.
 */
export function makeCase(seed: number, number: number): FuzzCase {
  const chance = caseChance(seed, number)
  if (chance.happens(0.01)) return { kind: 'unanswered', cause: chance.oneOf(causes) }
  const status = drawStatus(chance)
  const isPage = status === 200 ? chance.happens(0.97) : chance.happens(0.1)
  const plain = isPage ? makePage(chance) : makeErrorBody(chance, canaryToken)
  const body = encodeBody(plain, chance)
  return {
    kind: 'answered',
    status,
    statusText: chance.oneOf(['', 'OK', 'Too Many Requests', `Bearer ${canaryToken}`]),
    headers: { ...makeHeaders(chance, canaryToken), ...bodyHeaders(body, chance) },
    bytes: body.bytes,
    end: drawEnd(chance),
  }
}

/** Returns the source of randomness for a case. Each `purpose` gets a different one. */
export function caseChance(seed: number, number: number, purpose = 0): Chance {
  // Neighbouring cases must not share their randomness.
  return new Chance(
    Math.imul(seed, 0x9e3779b1) ^ Math.imul(number + 1, 0x85ebca6b) ^ Math.imul(purpose, 0xc2b2ae35),
  )
}

function drawStatus(chance: Chance): number {
  if (chance.happens(0.75)) return 200
  return chance.happens(0.9) ? chance.oneOf(knownStatuses) : chance.integer(100, 999)
}

const knownStatuses = [
  204, 301, 302, 304, 400, 401, 403, 404, 407, 423, 429, 451, 500, 502, 503, 504,
] as const

function drawEnd(chance: Chance): AnsweredCase['end'] {
  if (chance.happens(0.98)) return 'whole'
  return chance.happens(0.8) ? 'cut' : 'never'
}

function bodyHeaders({ bytes, encoding }: EncodedBody, chance: Chance): Headers {
  const headers: Headers = {}
  if (encoding !== undefined) headers['content-encoding'] = encoding
  if (chance.happens(0.3)) headers['content-length'] = String(bytes.length)
  if (chance.happens(0.01))
    headers['content-length'] = chance.oneOf(['0', '-1', '1e3', 'x', '', `${bytes.length + 1}`])
  return headers
}

const causes: readonly [unknown, ...unknown[]] = [
  new Error('connect ECONNREFUSED', { cause: { code: 'ECONNREFUSED' } }),
  Object.assign(new TypeError(`Bearer ${canaryToken}`), { code: 'UND_ERR_SOCKET' }),
  new AggregateError([new Error('a'), null], 'b'),
  { code: 'ENOTFOUND', cause: { code: 7 } },
  undefined,
  'text',
]
