import type { Chance } from '@cdrstream-internal/chance'
import { mutateBytes } from './mutate-bytes.ts'

/** Returns the body of an error response. `secret` is part of the request, which a server might echo. */
export function makeErrorBody(chance: Chance, secret: string): Buffer {
  let body: Buffer = Buffer.from(chance.oneOf(shapes)(words(chance)))
  while (chance.happens(0.4)) body = mutateBytes(body, errorWords, chance)
  if (!chance.happens(0.2)) return body
  // Inserted last, so that it stays intact.
  const at = chance.integer(0, body.length)
  return Buffer.concat([body.subarray(0, at), Buffer.from(secret), body.subarray(at)])
}

const shapes = [
  (message: string) =>
    `{"message":${message},"errors":[{"description":${message}}],"trackingId":"ROUTERGW_1","errorCode":404}`,
  (message: string) => `{"message":${message}}`,
  (message: string) => `{"errors":[null,{"description":${message}},7]}`,
  (message: string) => `{"error":{"message":[{"description":${message}}]}}`,
  (message: string) => `<html><body>${message}</body></html>`,
  (message: string) => message,
  () => '',
  () => '['.repeat(2_000),
] as const

function words(chance: Chance): string {
  const padding = chance.happens(0.1) ? 'very '.repeat(chance.integer(0, 400)) : ''
  return JSON.stringify(padding + chance.oneOf(sentences))
}

const hosts = [
  ...[
    'analytics-calling-eu.webexapis.com',
    'analytics-calling-in.webexapis.com',
    'analytics-calling.webexapis.com',
  ],
  ...['analytics-calling-eu.webexapis.com.evil.example', 'evil.example/analytics-calling-eu.webexapis.com'],
  ...[
    'analytics-calling-eu.webexapis.com@evil.example',
    'xn--nalytics-calling-qib.webexapis.com',
    '127.0.0.1:1',
  ],
  ...[
    'analytics-calling-eu.webexapis.com:444',
    'analytics-calling-eu.webexapis.com.',
    '[::1]',
    '0x7f.1',
    'localhost',
  ],
  ...[
    'evil.webexapis.com',
    'analytics-calling-eu.webexapis.com\\.evil.example',
    'ANALYTICS-CALLING-EU.WEBEXAPIS.COM',
  ],
] as const

const sentences: readonly [string, ...string[]] = [
  'No CDRs for requested time range and filters',
  'The request requires a valid access token set in the Authorization request header.',
  'The caller is missing required scopes or the user is missing required roles or licenses.',
  'spark-admin:calling_cdr_read is missing',
  'The app is not authorized',
  'Too \u0007many\u2028 requests \u202e',
  'Bearer ',
  ...hosts.map((host) => `This request should go to URL: https://${host}`),
  ...hosts.map((host) => `https:\\/\\/${host}`),
]

const errorWords = [
  ...[
    '"message":',
    '"errors":[',
    '{"description":"',
    '"',
    '}',
    ']',
    'https://',
    'should go to URL: ',
    '@',
    '.',
    ':',
  ],
  ...[
    '\\/',
    '\ufeff',
    'Bearer ',
    '\u0000',
    '\u202e',
    '<',
    'No CDRs for requested time range',
    'role',
    'scope',
  ],
]
