import { catalogue } from '@cdrstream/catalogue'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { FieldPolicy } from './field-policy.ts'
import { foldName } from './fold-name.ts'
import { createRecordMask } from './record-mask.ts'

/** Few fields: the record is parsed only if a quick test of its text finds one. */
const quick: FieldPolicy = {}
/** Many fields: each record is parsed. */
const slow: FieldPolicy = {
  classes: { secret: { kind: 'drop' } },
  fields: Object.fromEntries(
    catalogue
      .filter(({ personal, column }) => personal === 'none' && column.startsWith('client'))
      .map(({ column }) => [column, { kind: 'drop' }]),
  ),
}

const canary = '4711'

describe('no spelling of a name lets a secret through', () => {
  test.each([
    ['a non-breaking space', 'Authorization\u00a0code'],
    ['a zero-width space', 'Authorization\u200b code'],
    ['a soft hyphen', 'Authori\u00adzation code'],
    ['a hyphen', 'Authori-zation code'],
    ['a Unicode hyphen', 'Authorization\u2010code'],
    ['a dash', 'Authorization\u2013code'],
    ['full width', 'Ａｕｔｈｏｒｉｚａｔｉｏｎ　ｃｏｄｅ'],
    ['a byte order mark', '\ufeffAuthorization code'],
    ['a filler that counts as a letter', 'Authorization\u3164code'],
    ['an accent', 'Authorizati\u00f3n code'],
    ['a capital letter of another language', 'AUTHOR\u0130ZATION CODE'],
    ['percent-encoding', 'Authorization%20code'],
    ['a space in each word', 'Author ization co de'],
    ['a tab', 'Authorization\tcode'],
    ['half of a surrogate pair', 'Authorization\ud800code'],
  ])('%s', (_, name) => {
    const text = `{"User":"Jane","${name.replace('\t', '\\t')}":"${canary}"}`

    expect([quick, slow].map((policy) => createRecordMask(policy).apply(text))).toEqual([
      text.replace(canary, ''),
      text.replace(canary, ''),
    ])
  })

  test('a name in another script is a different name', () => {
    const text = JSON.stringify({ 'Код авторизации': canary, 承認コード: canary })

    expect(createRecordMask(quick).apply(text)).toBe(text)
  })
})

test('each folded name of the catalogue belongs to one field', () => {
  for (const { name, column, aliases } of catalogue) {
    const others = catalogue.filter((field) => field.name !== name)
    const taken = others.flatMap((field) => [field.name, field.column, ...field.aliases].map(foldName))
    for (const spelling of [name, column, ...aliases]) expect(taken).not.toContain(foldName(spelling))
  }
})

describe('the quick test and parsing agree', () => {
  const between = fc.constantFrom(
    '',
    '',
    '',
    ' ',
    '_',
    '-',
    '.',
    '\u00a0',
    '\u00ad',
    '\u200b',
    '\u2011',
    '\u3164',
    '%20',
    '\ud800',
    "'",
    ':',
    'é',
    '1',
  )
  const change = fc.constantFrom<(letter: string) => string>(
    (letter) => letter,
    (letter) => letter,
    (letter) => letter.toUpperCase(),
    (letter) => String.fromCharCode(letter.charCodeAt(0) + (letter === ' ' ? 0 : 0xfee0)),
    (letter) => `${letter}\u0301`,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
    (letter) => (letter === 's' ? 'ſ' : letter),
  )
  const spelled = (name: string) =>
    fc
      .array(fc.tuple(between, change), { minLength: name.length, maxLength: name.length })
      .map((parts) => parts.map(([gap, of], at) => of(name.charAt(at)) + gap).join(''))
  const spaced = fc.constantFrom('', ' ', '\t\n')
  const name = fc.oneof(
    spelled('Authorization code'),
    spelled('authorization_code'),
    fc.constantFrom('Authorization code', 'AuthorizationCode', 'User', 'New', 'Größe'),
  )
  const value = fc.constantFrom('""', 'null', canary, `"${canary}"`, '"Zoë 50% ü:"', `["${canary}"]`, '{}')
  const member = fc
    .tuple(spaced, name, spaced, spaced, value, spaced)
    .map(([a, key, b, c, json, d]) => `${a}"${key}"${b}:${c}${json}${d}`)
  const texts = fc.array(member, { minLength: 1, maxLength: 4 }).map((members) => `{${members.join()}}`)

  test('on each spelling of a field', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(createRecordMask(quick).apply(text)).toBe(createRecordMask(slow).apply(text))
      }),
      { numRuns: 2_000 },
    )
  })

  test('in time linear in the length of the text', () => {
    const text = JSON.stringify({ User: 'é%'.repeat(500_000), Authorization: `a${'-'.repeat(500_000)}` })

    expect(createRecordMask(quick).apply(text)).toBe(text)
  })
})

test('only the beginning of an endless name is folded, because one character can expand to eighteen', () => {
  expect(foldName('\ufdfa'.repeat(340_000)).length).toBeLessThan(1_000)
  expect(foldName(`Authorization${'\u200b'.repeat(100_000)} code`)).toBe('authorizationcode')
})
