import { catalogue } from '@cdrstream/catalogue'
import type { CdrFields, CdrRecord } from '@cdrstream/plugin'
import { makeRecord, todayMs } from './make-record.ts'

const dayMs = 86_400_000

/** Returns ordinary records from several days in two or three months. */
export function ordinaryRecords(count: number, org: string): readonly CdrRecord[] {
  return Array.from({ length: count }, (_, number) =>
    makeRecord(number, {
      org,
      startTimeMs: todayMs() - (number % 3) * 20 * dayMs + number * 1_000,
      source: number % 10 === 9 ? 'feed' : 'stream',
    }),
  )
}

/** Returns records with values at the limits of their fields' types. */
export function extremeRecords(org: string): readonly CdrRecord[] {
  const numbers = (whole: number, fraction: number) => fieldsOfType({ whole, fraction })
  return [
    makeRecord(1, { org }),
    makeRecord(2, { org, otherFields: 'none' }),
    makeRecord(3, { org, fields: numbers(0, 0) }),
    makeRecord(4, { org, fields: numbers(2 ** 31 - 1, 2 ** 31 - 0.5) }),
    makeRecord(5, { org, fields: numbers(2 ** 31, 2 ** 31 + 0.5) }),
    makeRecord(6, { org, fields: numbers(Number.MAX_SAFE_INTEGER, 123_456_789.123) }),
    makeRecord(7, { org, fields: numbers(Number.MIN_SAFE_INTEGER, -0.1) }),
    makeRecord(8, { org, fields: { answer_time: 0, release_time: Date.UTC(9998, 11, 31), duration: 1.5 } }),
    makeRecord(9, { org, fields: { user: 'Zoë O’Brien 王小明 👩‍👩‍👧', location: ' spaces at both ends ' } }),
    makeRecord(10, { org, fields: { user: 'null', location: 'NULL', site_main_number: '\\N', model: '0' } }),
  ]
}

function fieldsOfType({ whole, fraction }: { readonly whole: number; readonly fraction: number }) {
  const numbers = catalogue.flatMap(({ column, type }) => {
    if (type === 'integer-string') return [[column, whole]]
    return type === 'decimal-string' || type === 'number' ? [[column, fraction]] : []
  })
  return Object.fromEntries(numbers) as Partial<CdrFields>
}

/**
 * Returns records with keys in every form that the engine generates: up to 128 printable ASCII characters.
 */
export function recordsWithOddKeys(org: string): readonly CdrRecord[] {
  const keys = [
    `content:${'0f'.repeat(16)}`,
    `report-id:${'f0'.repeat(16)}`,
    'k'.repeat(128),
    `${'k'.repeat(127)}K`,
    'a b',
    'a B',
    'a  b',
    ' a b',
    'a b ',
    `'; DROP TABLE record; --`,
    '"quoted"',
    '../../../etc/passwd',
    '.',
    '%2F',
    '%',
    '_',
    '__proto__',
    'constructor',
    'null',
    'undefined',
    '0',
    '00',
    '1e3',
    '1000',
    '\\',
    '\\N',
    '{}',
    '[1,2]',
    '*',
    '#?&=;,|',
    '~`!@$^()<>',
  ]
  return keys.map((key, number) => makeRecord(number, { org, key }))
}

/**
 * Returns records with fields that are not in the catalogue, and with values that do not fit their fields.
 */
export function recordsWithUnknownFields(org: string): readonly CdrRecord[] {
  const deep = { a: [{ b: null, c: [1, 2.5, 'x'] }], 'd.e': { '': true } }
  const extras: readonly (readonly (readonly [string, unknown])[])[] = [
    [['AI summary', 'was friendly']],
    [['a number', 42]],
    [['a number', '42']],
    [['a number', { now: 'an object' }]],
    [['a list', [1, 'two', { three: 3 }]]],
    [['deep', deep]],
    [['false', false]],
    [
      ['start_time', 'a column of ours'],
      ['org', 'a name of ours'],
      ['extra', 'another'],
    ],
    [
      ['with.dots', 1],
      ['with"quote', 2],
      ["'; DROP TABLE record; --", 3],
      ['Zoë 👩‍👩‍👧', 4],
    ],
    [['constructor', 'x']],
    [['k'.repeat(1_000), 'a long name']],
    Array.from({ length: 200 }, (_, index) => [`new field ${index}`, index] as const),
    [
      ['Duration', 'forty-two'],
      ['Start time', 'yesterday'],
      ['Answered', 'perhaps'],
    ],
    [
      ['Duration', { seconds: 42 }],
      ['User', ['one', 'two']],
    ],
  ]
  return extras.map((extra, number) => makeRecord(number, { org, extra }))
}

const largeCharacters = 1_048_576

/** Returns records with text that is known to break sinks. */
export function recordsWithHostileText(org: string): readonly CdrRecord[] {
  const texts = [
    'NUL \0 in the middle',
    '\0',
    'a lone \ud800 surrogate',
    '\udc00\ud800',
    'all of \u0001\u0008\u000b\u001b\u007f\u0085',
    'lines\r\nand\nseparators\u2028\u2029',
    '\ufeff with a byte order mark',
    '\ufffe\uffff',
    '=HYPERLINK("http://example.com")',
    '{"$ne": null}',
    '\\u0000',
  ]
  return [
    ...texts.map((text, number) =>
      makeRecord(number, { org, fields: { user: text, location: text }, extra: [['hostile', text]] }),
    ),
    makeRecord(100, { org, extra: [['__proto__', { polluted: true }]] }),
    makeRecord(101, { org, extra: [['nul \0 in a name', 'x']] }),
    makeRecord(102, { org, extra: [['a lone \ud800 in a name', 'x']] }),
    makeRecord(103, { org, extra: [['in depth', { '\0': ['\0', '\ud800'] }]] }),
    makeRecord(104, { org, fields: { user: 'x'.repeat(largeCharacters) } }),
    makeRecord(105, { org, extra: [['large', '王'.repeat(largeCharacters / 4)]] }),
  ]
}

/** Returns the record with truncated text. Reading the record's fields throws, as with a damaged journal. */
export function tornRecord({ fields: _fields, extra: _extra, ...record }: CdrRecord): CdrRecord {
  const text = record.text.slice(0, record.text.length / 2)
  return {
    ...record,
    text,
    get fields(): never {
      throw new SyntaxError('the text of the record is not JSON')
    },
    get extra(): never {
      throw new SyntaxError('the text of the record is not JSON')
    },
  }
}
