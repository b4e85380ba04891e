import { hash } from 'node:crypto'
import { catalogue } from '@cdrstream/catalogue'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { identifyItem } from './identify-item.ts'
import type { Digest } from './key.ts'

const digest: Digest = (text) => hash('sha256', text)

const identify = (text: string) =>
  identifyItem({ kind: 'parsed', text, bytes: Buffer.from(text), value: JSON.parse(text) }, digest)

/** Returns the identity of an item that must be a record. */
function recordOf(value: Readonly<Record<string, unknown>>) {
  const identity = identify(JSON.stringify(value))
  return identity.kind === 'record' ? identity : expect.fail(identity.reason)
}
const fingerprintOf = (value: Readonly<Record<string, unknown>>) => recordOf(value).fingerprint

const reportId = '0f3c1a52-9d7e-3b64-8a11-5c2e9f0b7d48'
const leg = {
  'Start time': '2026-09-24T07:48:01.002Z',
  Duration: 128,
  'Ring duration': '8',
  Answered: 'true',
  'Called line ID': 'NA',
  User: 'NA',
  'Report time': '2026-09-24T07:50:10.939Z',
  'Report ID': reportId,
}

describe('an item', () => {
  it('that is a record has its key, content and times', () => {
    const text = JSON.stringify(leg)
    expect(identify(text)).toEqual({
      kind: 'record',
      bytes: Buffer.from(text),
      key: reportId,
      fingerprint: expect.stringMatching(/^[0-9a-f]{32}$/),
      content: expect.any(String),
      startTimeMs: Date.UTC(2026, 8, 24, 7, 48, 1, 2),
      reportTimeMs: Date.UTC(2026, 8, 24, 7, 50, 10, 939),
    })
  })

  it.each([{ 'Report ID': '' }, { 'Report ID': null }, {}])(
    'without a Report ID (%j) has a key made from its content',
    (noId) => {
      const { 'Report ID': _, ...rest } = leg
      const first = recordOf({ ...rest, ...noId })
      expect(first.key).toBe(`content:${first.fingerprint}`)
      expect(recordOf({ ...rest, ...noId, Duration: 129 }).key).not.toBe(first.key)
    },
  )

  it('with invalid times is a record without times', () => {
    const record = recordOf({ ...leg, 'Start time': 'yesterday', 'Report time': 17 })
    expect(record).toMatchObject({ startTimeMs: null, reportTimeMs: null, key: reportId })
  })

  it.each(['null', '"text"', '42', 'true', '[]', '[{"Report ID":"a"}]', '{}'])(
    'such as %s is not a record',
    (text) => {
      expect(identify(text)).toEqual({
        kind: 'unusable',
        bytes: Buffer.from(text),
        fingerprint: expect.stringMatching(/^[0-9a-f]{32}$/),
        reason: expect.stringMatching(/^not a record/),
      })
    },
  )

  it('that is not a record has a fingerprint of its own', () => {
    expect(identify('[1]').fingerprint).toBe(identify('[1]').fingerprint)
    expect(identify('[1]').fingerprint).not.toBe(identify('[2]').fingerprint)
  })

  it('may be any JSON value', () => {
    const name = fc.oneof(
      fc.constantFrom(...catalogue.map((field) => field.name), '__proto__', 'constructor', 'toString'),
      fc.string(),
    )
    // Including repeated keys, of which JSON.parse keeps the last.
    const entry = fc.tuple(name, fc.json()).map(([name, value]) => `${JSON.stringify(name)}:${value}`)
    const text = fc.oneof(
      fc.json(),
      fc.array(entry).map((entries) => `{${entries.join(',')}}`),
    )
    fc.assert(
      fc.property(text, (text) => {
        const identity = identify(text)
        if (identity.kind === 'unusable') {
          expect(identity.bytes).toEqual(Buffer.from(text))
          return
        }
        expect(identity.bytes).toEqual(Buffer.from(text))
        expect(identity.key).toMatch(/^[\x20-\x7e]{1,128}$/)
      }),
      { numRuns: 1_000 },
    )
  })

  it('may be nested as deeply as JSON.parse allows', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
    expect(identify(`{"Report ID":"a","new":${deep}}`).kind).toBe('record')
    expect(identify(deep).kind).toBe('unusable')
  })
})

describe('the fingerprint', () => {
  const value = fc.oneof(
    fc.string({ minLength: 1 }),
    fc.integer(),
    fc.constantFrom('true', 'false', 'NA', 'na'),
  )
  const record = fc.dictionary(
    fc.oneof(fc.constantFrom(...catalogue.map(({ name }) => name)), fc.string({ minLength: 1 })),
    value,
    { minKeys: 1, noNullPrototype: true },
  )

  it('does not depend on the order or letter case of names, or on empty values', () => {
    const known = fc.dictionary(fc.constantFrom(...catalogue.map(({ name }) => name)), value, { minKeys: 1 })
    const spelling = fc.func<[string], 'as it is' | 'upper' | 'lower'>(
      fc.constantFrom('as it is', 'upper', 'lower'),
    )
    const nothing = fc.constantFrom('', null, 'its null marker')
    fc.assert(
      fc.property(known, fc.nat(), spelling, nothing, (known, turn, spelling, nothing) => {
        const names = Object.keys(known)
        const turned = names.map((_, at) => names[(at + turn) % names.length] ?? '')
        const respelled = turned.map((name) => {
          const how = spelling(name)
          const spelled = how === 'upper' ? name.toUpperCase() : how === 'lower' ? name.toLowerCase() : name
          return [spelled, known[name]] as const
        })
        const empty = catalogue
          .filter(({ name }) => !(name in known))
          .map(
            ({ name, nullMarkers }) =>
              [name, nothing === 'its null marker' ? nullMarkers[0] : nothing] as const,
          )
        expect(fingerprintOf(Object.fromEntries([...respelled, ...empty]))).toBe(fingerprintOf(known))
      }),
    )
  })

  it('changes when any value changes', () => {
    fc.assert(
      fc.property(record, fc.nat(), (before, at) => {
        const names = Object.keys(before)
        const name = names[at % names.length] ?? ''
        const after = { ...before, [name]: `${before[name]} and more` }
        expect(fingerprintOf(after)).not.toBe(fingerprintOf(before))
      }),
    )
  })

  it.each([
    ['a number as text', { 'Ring duration': 8, Duration: '128' }],
    ['a time in another notation', { 'Start time': '2026-09-24 07:48:01.002' }],
    ['a null marker', { 'Called line ID': '' }],
    ['a boolean', { Answered: true }],
    ['an empty field', { 'Queue type': '' }],
    ['an empty unknown key', { 'Some day': null }],
  ])('is the same with %s', (_, change) => {
    expect(fingerprintOf({ ...leg, ...change })).toBe(fingerprintOf(leg))
  })

  it.each([
    ['a later Report time', { 'Report time': '2026-09-24T07:50:10.940Z' }],
    ['an unknown key', { 'Some day': 'now' }],
    ['the null marker of another field', { User: '' }],
    ['another letter case in a value', { User: 'na' }],
  ])('changes with %s', (_, change) => {
    expect(fingerprintOf({ ...leg, ...change })).not.toBe(fingerprintOf(leg))
  })
})
