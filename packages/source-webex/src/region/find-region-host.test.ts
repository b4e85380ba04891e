import { expect, test } from 'vitest'
import { findRegionHost } from './find-region-host.ts'

const eu = 'analytics-calling-eu.webexapis.com'

test.each([
  [JSON.stringify({ message: `The request should go to URL: https://${eu}` })],
  [JSON.stringify({ message: `The request should go to URL: "https://${eu}/v1/cdr_stream?x=1".` })],
  [JSON.stringify({ errors: [{ description: `should go to URL:https://${eu}, please` }] })],
  [JSON.stringify({ message: `should go to URL: https://${eu}` }).replaceAll('/', '\\/')],
  [`Org elsewhere. See https://developer.example/docs. It should go to URL: https://${eu}.`],
  [`See https://developer.example/docs or https://${eu}/v1`],
  [`<p>Use HTTPS://${eu.toUpperCase()}/v1</p>`],
  [`Use ${eu}.`],
  [`wrong region (${eu})`],
])("the right region's host is found in %j", (body) => {
  expect(findRegionHost(body)).toBe(eu)
})

test('the host includes the port', () => {
  expect(findRegionHost('should go to URL: http://127.0.0.1:8080/v1')).toBe('127.0.0.1:8080')
})

test('a look-alike host is returned unchanged', () => {
  expect(findRegionHost(`should go to URL: https://${eu}.evil.example/`)).toBe(`${eu}.evil.example`)
  expect(findRegionHost('should go to URL: https://аnalytics.example')).toMatch(/^xn--/)
})

test.each([
  [''],
  ['no host here. webexapis.com'],
  [`https://${eu}@evil.example/`],
  [`https://user:password@${eu}.evil.example/`],
  ['https://../'],
  [`https://${'a'.repeat(300)}.example`],
  ['.webexapis.com -.webexapis.com'],
])('no host is found in %j', (body) => {
  expect(findRegionHost(body)).toBeUndefined()
})

test('searching a long body takes time in proportion to its length', () => {
  for (const part of ['a.', 'a-', 'https://', 'https://a', 'should go to ', '.webexapis.com.', '\\/'])
    expect(findRegionHost(part.repeat(100_000))).not.toBe(eu)
})
