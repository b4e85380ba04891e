import { expect, test } from 'vitest'
import { guessSecrets, replaceTexts } from './secrets.ts'

test.each([
  [{ password: 'a' }, ['a']],
  [{ auth: { apiKey: 'a', user: 'b' } }, ['a']],
  [{ url: 'postgres://user:pass%20word@host/db' }, ['pass%20word']],
  [{ tokens: ['a', 'b'], path: '/c' }, ['a', 'b']],
  [{ password: '', path: '/c', url: 'http://host' }, []],
])('guessSecrets finds the secrets of %j: %j', (given, secrets) => {
  expect(guessSecrets(given)).toEqual(secrets)
})

test('replaceTexts returns a copy with the given strings replaced', () => {
  const given = { url: 'postgres://user:secret@host', list: ['secret', 1, null] }
  expect(replaceTexts(given, ['secret'], 'x')).toEqual({
    url: 'postgres://user:x@host',
    list: ['x', 1, null],
  })
})
