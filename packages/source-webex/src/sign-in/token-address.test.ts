import { expect, test } from 'vitest'
import { allowedTokenUrl, tokenUrls } from './token-address.ts'

test.each([
  ...Object.values(tokenUrls),
  'http://127.0.0.1:8080/v1/access_token',
  'http://localhost/token',
  'http://[::1]:1/token',
  'https://127.0.0.1/token',
])('secrets may be sent to %s', (url) => {
  expect(allowedTokenUrl(url)).toBe(url)
})

test.each([
  ...['', 'webexapis.com', '//webexapis.com', 'ftp://webexapis.com', 'http://webexapis.com/v1/access_token'],
  ...['https://webexapis.com.example/', 'https://examplewebexapis.com/', 'https://x.webexapis.com/'],
  ...['https://webexapis.com@example.org/', 'https://user:pw@webexapis.com/', 'https://webexapis.com:8443/'],
  ...[
    'https://webexapis.com./',
    'https://wеbexapis.com/',
    'https://xn--webexapis-9oh.com/',
    'https://10.0.0.1/',
  ],
  ...[
    'https://example.org\\@webexapis.com/',
    'https://example.org#webexapis.com',
    'https://webexapis.com/?a=b',
  ],
  ...[
    'https://webexapis.com/#x',
    'http://127.0.0.1.example/',
    'http://localhost.example/',
    'http://10.0.0.1/',
  ],
])('secrets must not be sent to %s', (url) => {
  expect(allowedTokenUrl(url)).toBeUndefined()
})

test('secrets may be sent to an allowed host only over TLS and with exactly its port', () => {
  const allowed = ['sign-in.example', 'other.example:8443']
  expect(allowedTokenUrl('https://sign-in.example/token', allowed)).toBe('https://sign-in.example/token')
  expect(allowedTokenUrl('https://other.example:8443/token', allowed)).toBeDefined()
  for (const url of ['http://sign-in.example/', 'https://sign-in.example:8443/', 'https://other.example/']) {
    expect(allowedTokenUrl(url, allowed)).toBeUndefined()
  }
})

test('the URL is returned in the normalized form that was checked', () => {
  expect(allowedTokenUrl('HTTPS://WebexAPIs.com:443\\v1\\access_token')).toBe(tokenUrls.commercial)
})
