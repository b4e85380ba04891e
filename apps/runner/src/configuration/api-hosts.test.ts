import { expect, test } from 'vitest'
import { apiHosts } from './api-hosts.ts'

const allowedHosts = ['Id.example', 'calls.example', 'calls.example:8443']
const baseUrl = 'https://calls.example/v1'

test('a host that is only for signing in receives no access token', () => {
  const tokenUrl = 'https://id.example/v1/access_token'
  expect(apiHosts({ allowedHosts, baseUrl, tokenUrl })).toEqual(['calls.example', 'calls.example:8443'])
})

test('the same host on a different port is a different host', () => {
  const tokenUrl = 'https://calls.example:8443/token'
  expect(apiHosts({ allowedHosts, baseUrl, tokenUrl })).toEqual(['Id.example', 'calls.example'])
})

test('a host that serves records and tokens stays in the list', () => {
  const tokenUrl = 'https://calls.example/token'
  expect(apiHosts({ allowedHosts, baseUrl, tokenUrl })).toBe(allowedHosts)
})

test('a configuration without a token endpoint allows all hosts in its list', () => {
  expect(apiHosts({ allowedHosts, baseUrl, tokenUrl: undefined })).toEqual(allowedHosts)
})
