import type { Chance } from '@cdrstream-internal/chance'
import { mutateHeader } from './mutate-bytes.ts'

/** Headers by lower-case name, except the ones that depend on the body (encoding and length). */
export type Headers = Record<string, string | readonly string[]>

export function makeHeaders(chance: Chance, secret: string): Headers {
  const headers: Headers = {}
  for (const [name, { share, values }] of Object.entries(usual)) {
    if (!chance.happens(share)) continue
    const value = drawValue(values, chance)
    headers[name] = chance.happens(0.1) ? [value, drawValue(values, chance)] : value
  }
  if (chance.happens(0.02)) headers[chance.oneOf(['trackingid', 'link', 'retry-after'])] = `Bearer ${secret}`
  return headers
}

function drawValue(values: readonly [string, ...string[]], chance: Chance): string {
  let value: string = chance.oneOf(values)
  while (chance.happens(0.2)) value = mutateHeader(value, headerWords, chance)
  return value
}

const address = 'https://analytics-calling.webexapis.com/v1/cdr_stream?startTime=2026-09-24T10:00:00.000Z'
const query = `&endTime=2026-09-24T11:00:00.000Z&startTimeForNextFetch=2026-09-24T10:05:00.123Z&totalCount=12&max=500`
const noZone = '&startTimeForNextFetch=2026-09-24T10:05:00&totalCount=1e3'
const url = address + query

const usual: Readonly<
  Record<string, { readonly share: number; readonly values: readonly [string, ...string[]] }>
> = {
  date: {
    share: 0.8,
    values: [
      'Thu, 24 Sep 2026 12:00:00 GMT',
      'Thu, 24 Sep 2026 12:00:60 GMT',
      'Thu, 24 Sep 1970 12:00:00 GMT',
      'Thu, 24 Sep 9999 12:00:00 GMT',
      '2026-09-24T12:00:00Z',
      '0',
      '',
    ],
  },
  link: {
    share: 0.4,
    values: [
      `<${url}>; rel="next"`,
      `<<${url}>;rel="next">`,
      `<${url}>; REL=NEXT`,
      `<${address}>; rel="first", <${url}>; rel="next"`,
      `<${url}>; rel="prev"`,
      `<https://evil.example/steal?${query}>; rel="next"`,
      `<//evil.example\\@analytics-calling.webexapis.com/?${query}>; rel="next"`,
      `<?a b\u00fc#x>; rel="next"`,
      `<${address}${noZone}>; rel="next"; title="\\"<x>\\""`,
      `<${url}>`,
      'next',
      '<<',
      '',
    ],
  },
  'retry-after': {
    share: 0.2,
    values: [
      '1',
      '60',
      '-1',
      '31536000',
      '1e9',
      '0.5',
      `${'9'.repeat(400)}`,
      'Thu, 24 Sep 2026 12:01:00 GMT',
      'Thu, 01 Jan 1970 00:00:00 GMT',
      'Sat, 31 Dec 9999 23:59:59 GMT',
      'soon',
    ],
  },
  trackingid: {
    share: 0.5,
    values: [
      'ROUTERGW_2d6a1b4e-8a44-3c53-8d0b-7b6f6d7f9a10',
      'a\tb\u0085c\u00ff',
      `${'x'.repeat(5_000)}`,
      '',
    ],
  },
  'www-authenticate': {
    share: 0.1,
    values: ['Bearer error="insufficient_scope"', 'Basic realm="proxy"'],
  },
  // A name that must have no effect.
  __proto__x: { share: 0.02, values: ['polluted'] },
}

const headerWords = [
  ...[
    '<',
    '>',
    ';',
    ',',
    '"',
    '=',
    'rel=',
    'next',
    '; rel="next"',
    '?',
    '#',
    '&',
    '%',
    '%zz',
    ' ',
    '\t',
    '\\',
  ],
  ...[
    'https://evil.example/',
    'startTimeForNextFetch=',
    'totalCount=-1',
    'GMT',
    '\r\nx: y',
    '\u0000',
    '\u00ff',
  ],
]
