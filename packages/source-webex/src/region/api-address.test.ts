import { expect, test } from 'vitest'
import { addressAtHost, allowedBaseUrl } from './api-address.ts'
import { regionHosts } from './regions.ts'

const allowedHosts = ['cdr.relay.example:8443', '127.0.0.1:9000']

test.each([...Object.values(regionHosts).map((host) => `https://${host}/v1`)])(
  'a token may be sent to %s',
  (url) => {
    expect(allowedBaseUrl(url)).toBe(url)
    expect(allowedBaseUrl(`${url}/`)).toBe(url)
  },
)

test.each([
  ['https://cdr.relay.example:8443/v1'],
  ['https://127.0.0.1:9/v1'],
  ['http://127.0.0.1:9/v1'],
  ['http://localhost/v1'],
  ['http://[::1]:8080/v1'],
])('a token may be sent to an allowed or loopback address: %s', (url) => {
  expect(allowedBaseUrl(url, allowedHosts)).toBe(url)
})

test.each([
  ['http://analytics-calling.webexapis.com/v1'],
  ['http://cdr.relay.example:8443/v1'],
  ['https://cdr.relay.example/v1'],
  ['https://cdr.relay.example:8444/v1'],
  ['https://analytics-calling.webexapis.com:8443/v1'],
  ['https://analytics-calling.webexapis.com./v1'],
  ['https://analytics-calling.webexapis.com.evil.example/v1'],
  ['https://evil-analytics-calling.webexapis.com/v1'],
  ['https://webexapis.com/v1'],
  ['https://analytics-calling-eu.webexapis.com@evil.example/v1'],
  ['https://user@analytics-calling.webexapis.com/v1'],
  ['https://evil.example\\@analytics-calling.webexapis.com/v1'],
  ['https://127.0.0.1.evil.example/v1'],
  ['https://10.0.0.1/v1'],
  ['ftp://127.0.0.1/v1'],
  ['file:///etc/passwd'],
  ['https://analytics-calling.webexapis.com/v1?x=1'],
  ['analytics-calling.webexapis.com/v1'],
  [''],
])('a token must not be sent to %s', (url) => {
  expect(allowedBaseUrl(url, allowedHosts)).toBeUndefined()
})

test('a 451 changes only the host, and not the scheme or path', () => {
  const from = 'https://analytics-calling.webexapis.com/other/v1'
  expect(addressAtHost(from, regionHosts.eu, [])).toBe(`https://${regionHosts.eu}/other/v1`)
  expect(addressAtHost(from, 'cdr.relay.example:8443', allowedHosts)).toBe(
    'https://cdr.relay.example:8443/other/v1',
  )
})

test.each([
  ['https://analytics-calling.webexapis.com/v1', 'analytics-calling-eu.webexapis.com:443'],
  ['https://analytics-calling.webexapis.com/v1', 'analytics-calling-eu.webexapis.com.'],
  ['https://analytics-calling.webexapis.com/v1', 'analytics-calling-jp.webexapis.com'],
  ['https://analytics-calling.webexapis.com/v1', 'user@analytics-calling-eu.webexapis.com'],
  // A loopback address must be allowed like any other.
  ['http://127.0.0.1:8000/v1', '127.0.0.1:8001'],
  ['http://127.0.0.1:8000/v1', 'localhost:9000'],
  // A simulator never points to another machine.
  ['http://127.0.0.1:8000/v1', 'analytics-calling-eu.webexapis.com'],
  ['https://127.0.0.1:8000/v1', 'cdr.relay.example:8443'],
])('a 451 from %s does not move requests to %s', (from, host) => {
  expect(addressAtHost(from, host, allowedHosts)).toBeUndefined()
})

test('a 451 from a loopback address moves requests to an allowed loopback address, still without TLS', () => {
  expect(addressAtHost('http://127.0.0.1:8000/v1', '127.0.0.1:9000', allowedHosts)).toBe(
    'http://127.0.0.1:9000/v1',
  )
})
