import { expect, test } from 'vitest'
import { apiHosts } from './api-hosts.ts'

const allowedHosts = ['Id.example', 'calls.example', 'calls.example:8443']
const baseUrl = 'https://calls.example/v1'

test('the host that only signs in gets no access token', () => {
  const tokenUrl = 'https://id.example/v1/access_token'
  expect(apiHosts({ allowedHosts, baseUrl, tokenUrl })).toEqual(['calls.example', 'calls.example:8443'])
})

test('a host at another port is another host', () => {
  const tokenUrl = 'https://calls.example:8443/token'
  expect(apiHosts({ allowedHosts, baseUrl, tokenUrl })).toEqual(['Id.example', 'calls.example'])
})

test('a host that serves records and tokens stays in the list', () => {
  const tokenUrl = 'https://calls.example/token'
  expect(apiHosts({ allowedHosts, baseUrl, tokenUrl })).toBe(allowedHosts)
})

test('without a token address of its own, a configuration allows all hosts of its list', () => {
  expect(apiHosts({ allowedHosts, baseUrl, tokenUrl: undefined })).toEqual(allowedHosts)
})
