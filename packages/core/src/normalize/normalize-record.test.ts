import { type CatalogueField, catalogue, type FieldType } from '@cdrstream/catalogue'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { normalizeRecord } from './normalize-record.ts'

/** The valid values of each type: an oracle that is independent of the generated code. */
const schemas: Readonly<Record<FieldType, z.ZodType<string | number | boolean>>> = {
  timestamp: z
    .string()
    .regex(/^.{10}[T ]\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)?$/)
    .transform((text) => text.replace(' ', 'T'))
    .pipe(z.iso.datetime({ offset: true, local: true }))
    .transform((text) => Date.parse(/(Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}Z`)),
  number: decimal(/^[+-]?\d+(\.\d+)?$/).pipe(z.number()),
  'decimal-string': decimal(/^[+-]?\d+(\.\d+)?$/).pipe(z.number()),
  'integer-string': decimal(/^[+-]?\d+(\.0+)?$/).pipe(z.int()),
  'boolean-string': z.union([z.boolean(), z.stringbool({ truthy: ['true'], falsy: ['false'] })]),
  'uuid-string': z.union([z.string(), z.int().transform(String)]),
  string: z.union([z.string(), z.int().transform(String)]),
}

function decimal(form: RegExp) {
  // Zero has no sign.
  return z.union([z.number(), z.string().regex(form).transform(Number)]).transform((value) => value + 0)
}

interface Reading {
  readonly value: string | number | boolean | null
  /** Whether the value has to be kept in `extra`. */
  readonly kept: boolean
}

function read(raw: unknown, { type }: CatalogueField): Reading {
  const parsed = schemas[type].safeParse(raw)
  if (!parsed.success) return { value: null, kept: true }
  const finer = type === 'timestamp' && /\.\d{3}0*[1-9]/.test(String(raw))
  return { value: parsed.data, kept: finer }
}

function expected(record: Readonly<Record<string, unknown>>) {
  const fields = new Map<string, unknown>(catalogue.map(({ column }) => [column, null]))
  const extra = new Map<string, unknown>()
  const names = Object.keys(record).sort()
  for (const field of catalogue) {
    const empty: readonly unknown[] = [undefined, null, '', ...field.nullMarkers]
    const spellings = names.filter(
      (name) => name.toLowerCase() === field.name.toLowerCase() && !empty.includes(record[name]),
    )
    const taken = spellings.includes(field.name) ? field.name : spellings[0]
    if (taken === undefined) continue
    const reading = read(record[taken], field)
    fields.set(field.column, reading.value)
    if (reading.kept) extra.set(field.name, record[taken])
    for (const name of spellings) {
      const other = read(record[name], field)
      const raw = (kept: boolean, spelling: string) => (kept ? JSON.stringify(record[spelling]) : '')
      const same = other.value === reading.value && raw(other.kept, name) === raw(reading.kept, taken)
      if (name !== taken && !same) extra.set(name, record[name])
    }
  }
  const known = new Set(catalogue.map(({ name }) => name.toLowerCase()))
  for (const name of names) {
    if (!known.has(name.toLowerCase()) && record[name] !== null && record[name] !== '')
      extra.set(name, record[name])
  }
  return { fields: Object.fromEntries(fields), extra }
}

const byName = (extra: ReadonlyMap<string, unknown>) =>
  [...extra.keys()].sort().map((name) => [name, extra.get(name)])

const json = (value: unknown) => JSON.stringify(value)

/** Values as JSON text: of the right type, almost of that type, and of any other type. */
const texts: Readonly<Record<FieldType, fc.Arbitrary<string>>> = {
  timestamp: fc
    .oneof(
      fc
        .date({ noInvalidDate: true, min: new Date('0001-01-02'), max: new Date('9998-12-30') })
        .map((date) => date.toISOString()),
      fc.constantFrom(
        '2023-10-12 21:22:32.621',
        '2026-09-24T07:49:10.9391Z',
        '2026-09-24T07:49:10.9390+02:00',
      ),
      fc.constantFrom('2026-02-30T00:00:00.000Z', '2026-02-03T25:00:00.000Z', '2026-02-03', 'soon'),
    )
    .map(json),
  number: numberText(),
  'integer-string': numberText(),
  'decimal-string': numberText(),
  'boolean-string': fc.constantFrom('true', 'false', '"true"', '"FALSE"', '"True"', '"yes"', '" true"', '1'),
  'uuid-string': fc.oneof(fc.uuid().map(json), fc.string().map(json)),
  string: fc.string({ unit: 'binary' }).map(json),
}

function numberText(): fc.Arbitrary<string> {
  const plain = fc.oneof(
    fc.integer().map(String),
    fc.maxSafeInteger().map(String),
    fc.constantFrom(
      '-0',
      '0',
      '7.5',
      '-420',
      '42.0',
      '9007199254740993',
      '1234567890123456789012',
      '1e999',
      '1e3',
    ),
  )
  const quoted = fc.constantFrom(
    '+5',
    '007',
    ' 5',
    '0x10',
    '1e5',
    '5.',
    '.5',
    '42.00',
    '42.00000000000000000001',
    `${'9'.repeat(400)}`,
  )
  return fc.oneof(plain, plain.map(json), quoted.map(json))
}

const anyText = fc.oneof(
  fc.json(),
  fc.constantFrom('null', '""', '"NA"', '"na"', '"N/A"', '12345', '-0', '9007199254740993', '1e999'),
)

const knownEntry = fc.constantFrom(...catalogue).chain((field) => {
  const spellings = [field.name, field.name.toLowerCase(), field.name.toUpperCase(), ...field.aliases]
  return fc.tuple(
    fc.oneof(
      { weight: 3, arbitrary: fc.constant(field.name) },
      { weight: 1, arbitrary: fc.constantFrom(...spellings) },
    ),
    fc.oneof(
      { weight: 3, arbitrary: texts[field.type] },
      { weight: 1, arbitrary: fc.constantFrom('""', 'null', ...field.nullMarkers.map(json)) },
      { weight: 1, arbitrary: anyText },
    ),
  )
})

const hostileNames = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'prototype',
  '',
  'Report  ID',
  'report_id',
  '"; drop table',
]

const unknownEntry = fc.tuple(
  fc.oneof(fc.constantFrom(...hostileNames), fc.string({ unit: 'binary' })),
  anyText,
)

/** Built by `JSON.parse`, as in production, because it creates an own property even for `__proto__`. */
const record: fc.Arbitrary<Readonly<Record<string, unknown>>> = fc
  .tuple(fc.array(knownEntry, { maxLength: 30 }), fc.array(unknownEntry, { maxLength: 3 }))
  .chain(([known, unknown]) =>
    fc.shuffledSubarray([...known, ...unknown], { minLength: known.length + unknown.length }),
  )
  .map((entries) => JSON.parse(`{${entries.map(([name, text]) => `${json(name)}:${text}`).join()}}`))

describe('a record', () => {
  test('is normalized according to the schema of the catalogue', () => {
    fc.assert(
      fc.property(record, (value) => {
        const { fields, extra } = normalizeRecord(value)
        const oracle = expected(value)
        expect(fields).toStrictEqual(oracle.fields)
        expect(byName(extra)).toStrictEqual(byName(oracle.extra))
      }),
      { numRuns: 2_000 },
    )
  })

  test('with every field as the API writes it has nothing in extra', () => {
    const examples: Readonly<Record<FieldType, unknown>> = {
      timestamp: '2026-09-24T07:49:10.939Z',
      number: 7,
      'integer-string': '8',
      'decimal-string': '2.5',
      'boolean-string': 'true',
      'uuid-string': '2d6a1b4e-8a44-3c53-8d0b-7b6f6d7f9a10',
      string: 'text',
    }
    const value = Object.fromEntries(catalogue.map(({ name, type }) => [name, examples[type]]))
    const { fields, extra } = normalizeRecord(value)
    expect(extra.size).toBe(0)
    expect(Object.values(fields)).not.toContain(null)
    expect(fields).toMatchObject({
      start_time: Date.UTC(2026, 8, 24, 7, 49, 10, 939),
      ring_duration: 8,
      answered: true,
      caller_reputation_score: 2.5,
    })
  })

  test('without any fields has null for each field', () => {
    const { fields, extra } = normalizeRecord({})
    expect(Object.keys(fields)).toEqual(catalogue.map(({ column }) => column))
    expect(new Set(Object.values(fields))).toEqual(new Set([null]))
    expect(extra.size).toBe(0)
  })
})

describe('null markers', () => {
  test('count only in the fields that define them, exactly as listed', () => {
    const { fields, extra } = normalizeRecord({
      'Called line ID': 'NA',
      'Calling line ID': 'na',
      'OS type': 'na',
      'Answer reason': 'N/A',
      User: 'NA',
      Location: 'NA',
    })
    expect(fields).toMatchObject({
      called_line_id: null,
      calling_line_id: 'na',
      os_type: null,
      answer_reason: null,
      user: 'NA',
      location: 'NA',
    })
    expect(extra.size).toBe(0)
  })
})

describe('values that a field cannot hold', () => {
  test('are in extra under the name of the field', () => {
    const strange = {
      Duration: '7 s',
      'Start time': '2026-02-30T00:00:00.000Z',
      Answered: 'maybe',
      User: { name: 'Anna' },
      'Ring duration': '1.5',
    }
    const { fields, extra } = normalizeRecord(strange)
    expect(fields).toMatchObject({
      duration: null,
      start_time: null,
      answered: null,
      user: null,
      ring_duration: null,
    })
    expect(Object.fromEntries(extra)).toEqual(strange)
  })

  test('are in extra and in the field if only digits of a time were lost', () => {
    const { fields, extra } = normalizeRecord({
      'Start time': '2026-09-24T07:49:10.9391Z',
      'Report time': '2026-09-24T07:49:10.939000Z',
    })
    expect(fields.start_time).toBe(Date.UTC(2026, 8, 24, 7, 49, 10, 939))
    expect([...extra]).toEqual([['Start time', '2026-09-24T07:49:10.9391Z']])
  })
})

describe('another spelling of a field', () => {
  test('is read as the field in any letter case', () => {
    const { fields, extra } = normalizeRecord({
      'PSTN Vendor Org ID': 'a',
      'call TRANSFER time': '2023-10-12 21:22:32.621',
      'REPORT ID': 'b',
    })
    expect(fields).toMatchObject({
      pstn_vendor_org_id: 'a',
      call_transfer_time: Date.UTC(2023, 9, 12, 21, 22, 32, 621),
      report_id: 'b',
    })
    expect(extra.size).toBe(0)
  })

  test('gives way to the exact name, and is kept in extra if its value differs', () => {
    const { fields, extra } = normalizeRecord({
      USER: 'Bo',
      user: 'Anna',
      User: 'Anna',
      DURATION: '7',
      Duration: 7,
    })
    expect(fields).toMatchObject({ user: 'Anna', duration: 7 })
    expect([...extra]).toEqual([['USER', 'Bo']])
  })

  test('is used if the exact name is empty', () => {
    const { fields, extra } = normalizeRecord({
      'Called line ID': 'NA',
      'CALLED LINE ID': 'Anna',
      User: '',
      USER: 'Bo',
    })
    expect(fields).toMatchObject({ called_line_id: 'Anna', user: 'Bo' })
    expect(extra.size).toBe(0)
  })
})

describe('unknown keys', () => {
  test('are kept unchanged unless they are empty', () => {
    const { extra } = normalizeRecord({
      'AI summary': { text: 'NA' },
      Sentiment: '',
      Mood: null,
      Weight: 0,
      'report id ': 'x',
    })
    expect(Object.fromEntries(extra)).toEqual({ 'AI summary': { text: 'NA' }, Weight: 0, 'report id ': 'x' })
  })

  test('may have the names of JavaScript internals', () => {
    const before = Object.getOwnPropertyNames(Object.prototype)
    const hostile =
      '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"toString":1,"Report ID":"a"}'
    const { fields, extra } = normalizeRecord(JSON.parse(hostile))
    expect(fields.report_id).toBe('a')
    expect([...extra.keys()]).toEqual(['__proto__', 'constructor', 'toString'])
    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before)
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
  })
})
