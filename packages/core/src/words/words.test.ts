import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { secretForms } from './secret-forms.ts'
import { createWords } from './words.ts'

const canary = `Canary+7/x "é"(!')~*-Tok3n==`

describe('a secret is hidden', () => {
  const bytes = Buffer.from(canary)
  const forms: Readonly<Record<string, string>> = {
    plain: canary,
    percent: encodeURIComponent(canary),
    'percent in lowercase': encodeURIComponent(canary).replace(/%../g, (hex) => hex.toLowerCase()),
    form: new URLSearchParams({ a: canary }).toString().slice(2),
    JSON: JSON.stringify({ token: canary }),
    'JSON with slashes escaped': JSON.stringify(canary).replaceAll('/', '\\/'),
    'JSON in ASCII': JSON.stringify(canary).replace('é', '\\u00e9'),
    HTML: canary.replaceAll('"', '&quot;'),
    hex: bytes.toString('hex'),
    HEX: bytes.toString('hex').toUpperCase(),
    base64: bytes.toString('base64'),
    base64url: bytes.toString('base64url'),
    'base64 after a user': Buffer.from(`user:${canary}`).toString('base64'),
    'base64 after a longer user': Buffer.from(`users:${canary}`).toString('base64url'),
    'base64 after the longest user': Buffer.from(`users1:${canary}`).toString('base64'),
  }
  test.each(Object.entries(forms))('as %s', (_, form) => {
    const shown = createWords([canary])(`before ${form} after`)

    expect(shown).toMatch(/^before .*\[secret\].* after$/)
    expect(shown).not.toMatch(/anary|Tok3n|Q2FuYXJ5|616e617279/i)
  })

  test('before the text is truncated, at any length', () => {
    const secret = 'canary-1234567890'
    const words = createWords([secret])
    for (let before = 0; before < 60; before++) {
      expect(words(`${'x'.repeat(before)}${secret}`, 40)).not.toMatch(/can/)
    }
  })

  test('even with invisible characters inside it or a control character at its end', () => {
    const words = createWords(['canary-token', 'canary-tail\u0007'])

    expect(words('a can\u200bary-to\u00adken b')).toBe('a [secret] b')
    expect(words('a canary-tail\u0007 b')).toBe('a [secret] b')
  })

  test('in any form if it has three characters and is a separate word', () => {
    const words = createWords(['p@7', 'log', 'abc'])

    expect(words('user:p@7@host, log=abc; logger abcd YWJj')).toBe(
      'user:[secret]@host, [secret]=[secret]; logger abcd [secret]',
    )
  })

  test('together with other secrets that overlap it', () => {
    expect(createWords(['abcdefgh', 'abcdefghij', 'hijklmno'])('x abcdefghijklmno y')).toBe('x [secret] y')
  })

  test('after Bearer and Basic and in a URL, even if it is unknown', () => {
    const words = createWords([])

    expect(words('Authorization: bearer other-token rejected')).toBe(
      'Authorization: bearer [secret] rejected',
    )
    expect(words('authorization: Basic dXNlcjpwdw==')).toBe('authorization: Basic [secret]')
    expect(words('Basic authentication is required')).toBe('Basic authentication is required')
    expect(words('cannot reach postgres://me:pw@db:5432/calls')).toBe(
      'cannot reach postgres://[secret]@db:5432/calls',
    )
  })

  test('only once, so that hiding again changes nothing, even for the secret "secret"', () => {
    const words = createWords(['secret', 'token'])

    expect(words(words('the secret token'))).toBe('the [secret] [secret]')
  })
})

test.each([
  ['  two\r\n\tlines\u2028here\u0000 ', 'two lines here'],
  ['\u001b[2J\u001b[31mred\u009b2J\u202etxt\u2066\ufeff', '[2J [31mred 2Jtxt'],
  ['half \ud800', 'half \ufffd'],
  ['', ''],
])('%j becomes the line %j', (text, line) => {
  expect(createWords([])(text)).toBe(line)
})

test("the forms of any secret match the platform's encodings", () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 8, maxLength: 40 }), (text) => {
      const secret = text.toWellFormed()
      const bytes = Buffer.from(secret)
      const forms = [
        encodeURIComponent(secret),
        new URLSearchParams([['', secret]]).toString().slice(1),
        bytes.toString('base64').replace(/=+$/, ''),
        bytes.toString('base64url'),
        bytes.toString('hex'),
      ]
      expect(secretForms(secret).map((form) => form.text)).toEqual(expect.arrayContaining(forms))
    }),
  )
})

test('empty and two-character secrets are not hidden', () => {
  expect(createWords(['', 'ab'])('ab abc')).toBe('ab abc')
})

test('text that is too long to search is not shown', () => {
  expect(createWords(['canary'])('canary'.repeat(100_000), 100)).toBe('text of 600000 characters (not shown)')
})

test('the result is never longer than requested, never contains the secret, and never ends in half a character', () => {
  const secret = 'canary-1234567890'
  const words = createWords([secret])
  const texts = fc
    .array(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(secret, '😀', 'x'.repeat(190))))
    .map((parts) => parts.join(''))
  fc.assert(
    fc.property(texts, (text) => {
      const shown = words(text, 200)
      expect(shown.length).toBeLessThanOrEqual(200)
      expect(shown.isWellFormed()).toBe(true)
      expect(shown).not.toMatch(/canary-1234567890|\p{Cc}|\p{Cf}|\p{Zl}|\p{Zp}/u)
    }),
  )
})
