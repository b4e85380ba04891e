import { expect, test } from 'vitest'
import { readPasted, readRedirect } from './read-redirect.ts'

const foreign = { kind: 'foreign' }

test.each([
  ['state=s&code=C', { kind: 'code', code: 'C' }],
  ['state=s&error=access_denied', { kind: 'declined', error: 'access_denied' }],
  ['state=s&error=%3Cscript%3E', { kind: 'declined', error: 'unknown' }],
  ['state=other&code=C', foreign],
  ['state=other&error=access_denied', foreign],
  ['code=C', foreign],
  ['state=s', foreign],
  ['state=s&code=', foreign],
])('a redirect is read: %s', (query, expected) => {
  expect(readRedirect(new URLSearchParams(query), 's')).toEqual(expected)
})

test.each([
  [' C0de_-~= \n', { kind: 'code', code: 'C0de_-~=' }],
  ['http://127.0.0.1:8765/callback?code=C&state=s', { kind: 'code', code: 'C' }],
  ['127.0.0.1:8765/callback?state=s&code=C%2B#_=_', { kind: 'code', code: 'C+' }],
  ['?code=C&state=s', { kind: 'code', code: 'C' }],
  ['code=C&state=s', { kind: 'code', code: 'C' }],
  ['https://example.com/?error=invalid_scope&state=s', { kind: 'declined', error: 'invalid_scope' }],
  ['http://127.0.0.1:8765/callback?code=C&state=other', foreign],
  ['https://webexapis.com/v1/authorize?client_id=x&state=s', foreign],
  ['http://127.0.0.1:8765/callback', foreign],
  ['', foreign],
  ['two words', foreign],
])('pasted text is read: %j', (text, expected) => {
  expect(readPasted(text, 's')).toEqual(expected)
})
