import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { type CatalogueField, catalogue } from '@cdrstream/catalogue'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalContent } from './canonical-content.ts'
import { normalizeRecord } from './normalize-record.ts'

type Entry = readonly [name: string, value: unknown]

const contentOf = (entries: readonly Entry[]) =>
  canonicalContent(normalizeRecord(Object.fromEntries(entries)))

const fieldsOfType = (...types: readonly string[]) => catalogue.filter(({ type }) => types.includes(type))

const textFields = fieldsOfType('string', 'uuid-string')
const numberFields = fieldsOfType('number', 'integer-string', 'decimal-string')
const timeFields = fieldsOfType('timestamp')

const oneOf = (fields: readonly CatalogueField[]) => fc.constantFrom(...fields.map(({ name }) => name))

/**
 * Few fields, and values that resemble the syntax of the canonical text, so that two records easily look
 * alike.
 */
const trickyText = fc.oneof(
  fc.string({
    unit: fc.constantFrom(
      '"',
      ',',
      '\\',
      '[',
      ']',
      '{',
      '}',
      ':',
      '.',
      'null',
      '\ud800',
      '\udc00',
      '\ufffd',
      '\u0000',
      'a',
    ),
  }),
  fc.string({ unit: 'binary' }),
)
const trickyName = fc.constantFrom(
  'User',
  'Location',
  'Model',
  'x',
  'y',
  'x"',
  'x":1,"y',
  '\ud800',
  '__proto__',
)
const trickyValue = fc.oneof(trickyText, fc.jsonValue({ maxDepth: 2 }))
const trickyRecord = fc.array(fc.tuple(trickyName, trickyValue), { maxLength: 4 })

describe('the canonical content', () => {
  test('is equal for equal content and differs for different content', () => {
    fc.assert(
      fc.property(trickyRecord, trickyRecord, (left, right) => {
        const [a, b] = [left, right].map((entries) => normalizeRecord(JSON.parse(jsonOf(entries)))) as [
          Normalized,
          Normalized,
        ]
        expect(canonicalContent(a) === canonicalContent(b)).toBe(isDeepStrictEqual(a, b))
      }),
      { numRuns: 5_000 },
    )
  })

  test('differs when one string differs', () => {
    const name = fc.constantFrom('User', 'Location', 'x', '__proto__')
    fc.assert(
      fc.property(trickyRecord, name, trickyText, trickyText, (entries, changed, before, after) => {
        fc.pre(before !== after)
        const others = entries.filter(([other]) => other !== changed)
        const [left, right] = [before, after].map((text) => JSON.parse(jsonOf([...others, [changed, text]])))
        expect(canonicalContent(normalizeRecord(left))).not.toBe(canonicalContent(normalizeRecord(right)))
      }),
      { numRuns: 2_000 },
    )
  })

  test('quotes keys', () => {
    expect(contentOf([['x":1,"y', 2]])).not.toBe(
      contentOf([
        ['x', 1],
        ['y', 2],
      ]),
    )
  })

  test('does not depend on the order of keys, at any depth', () => {
    const entries = fc.uniqueArray(fc.tuple(fc.oneof(oneOf(catalogue), fc.string()), fc.jsonValue()), {
      selector: ([name]) => name,
    })
    fc.assert(
      fc.property(
        entries.chain((all) =>
          fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
        ),
        ([all, shuffled]) => {
          expect(contentOf(shuffled.map(([name, value]) => [name, reversed(value)]))).toBe(contentOf(all))
        },
      ),
    )
  })

  test('is the same for missing, empty, null and null markers', () => {
    const field = fc.constantFrom(...catalogue.filter(({ nullMarkers }) => nullMarkers.length > 0))
    fc.assert(
      fc.property(field, fc.string({ minLength: 1 }), ({ name, nullMarkers }, user) => {
        const absent = contentOf([['User', user]])
        for (const nothing of ['', null, ...nullMarkers]) {
          expect(
            contentOf([
              [name, nothing],
              ['User', user],
            ]),
          ).toBe(absent)
          expect(
            contentOf([
              ['User', user],
              ['AI summary', nullMarkers.includes(String(nothing)) ? null : nothing],
            ]),
          ).toBe(absent)
        }
      }),
    )
  })

  test('keeps a null marker of one field as a value in another', () => {
    expect(contentOf([['User', 'NA']])).not.toBe(contentOf([]))
  })

  test('compares numbers by value', () => {
    fc.assert(
      fc.property(
        oneOf(numberFields),
        fc.maxSafeInteger(),
        fc.constantFrom('', '.0', '.00'),
        (name, value, zeros) => {
          expect(contentOf([[name, `${value}${zeros}`]])).toBe(contentOf([[name, value]]))
          expect(contentOf([[name, value + 1]])).not.toBe(contentOf([[name, value]]))
        },
      ),
    )
  })

  test('compares strings that lost their quotes as strings', () => {
    expect(contentOf([['Dialed digits', 4711]])).toBe(contentOf([['Dialed digits', '4711']]))
  })

  test('compares times by instant', () => {
    const time = fc.date({ noInvalidDate: true, min: new Date('0001-01-02'), max: new Date('9998-12-30') })
    fc.assert(
      fc.property(oneOf(timeFields), time, fc.constantFrom('', '1', '25', '999999'), (name, date, finer) => {
        const text = date.toISOString().slice(0, -1) + finer
        const twoHoursLater = new Date(date.getTime() + 7_200_000).toISOString().slice(0, -1) + finer
        const content = contentOf([[name, `${text}Z`]])
        for (const spelling of [
          text,
          text.replace('T', ' '),
          `${twoHoursLater}+02:00`,
          `${text}${finer === '999999' ? '' : '00'}Z`,
        ]) {
          expect(contentOf([[name, spelling]])).toBe(content)
        }
        if (finer !== '') expect(contentOf([[name, `${date.toISOString()}`]])).not.toBe(content)
      }),
    )
  })

  test('compares unknown keys exactly', () => {
    expect(contentOf([['AI summary', 'a']])).not.toBe(contentOf([['AI Summary', 'a']]))
    expect(contentOf([['AI summary', 5]])).not.toBe(contentOf([['AI summary', '5']]))
  })

  test('does not depend on the spelling of a field', () => {
    fc.assert(
      fc.property(oneOf(textFields), fc.string(), (name, value) => {
        expect(contentOf([[name.toUpperCase(), value]])).toBe(contentOf([[name, value]]))
      }),
    )
  })

  test('can be encoded without loss for any record', () => {
    fc.assert(fc.property(trickyRecord, (entries) => contentOf(entries).isWellFormed()))
  })

  test('does not depend on trailing catalogue fields that the record lacks, so that fields can be appended', () => {
    const [first, second] = catalogue
    expect(contentOf([[first?.name ?? '', 'a']])).toBe(
      contentOf([
        [first?.name ?? '', 'a'],
        [second?.name ?? '', ''],
      ]),
    )
    expect(JSON.parse(contentOf([['Answered', 'true']])).length).toBeLessThan(3)
  })

  /**
   * Fails if the text of a known record changes, because existing journals would then treat every record that
   * they read again as a revision. The digest covers the 87 fields of the first release.
   */
  test('has the same digest as in existing journals', () => {
    const entries = catalogue.slice(0, 87).map(({ name, type }, index): Entry => {
      if (type === 'timestamp') return [name, new Date(Date.UTC(2026, 8, 24) + index).toISOString()]
      if (type === 'boolean-string') return [name, 'true']
      return [name, type === 'string' || type === 'uuid-string' ? `Ä"${index}` : index]
    })
    expect(
      createHash('sha256')
        .update(contentOf([...entries, ['b', { d: 1, c: [] }], ['a', 1.5]]))
        .digest('hex'),
    ).toBe('c42342c321e6a7bdc77eb8f952b91f15c4e68d83358ea04750b4af99f5732a54')
  })
})

type Normalized = ReturnType<typeof normalizeRecord>

/** Returns JSON text, for which `JSON.parse` creates an own property even for `__proto__`. */
function jsonOf(entries: readonly Entry[]): string {
  return `{${entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join()}}`
}

/** Returns the same value with the keys of its objects in the opposite order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, reversed(member)]),
  )
}
