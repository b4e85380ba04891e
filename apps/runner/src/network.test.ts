import { expect, test } from 'vitest'
import { createTransport, networkProblems } from './network.ts'

const variables = (values: Readonly<Record<string, string>>) => (name: string) => values[name]

test.each([
  [{}],
  [{ HTTPS_PROXY: '' }],
  [{ HTTPS_PROXY: 'http://proxy.example:3128' }],
  [{ HTTPS_PROXY: 'proxy.example:3128' }],
  [{ https_proxy: 'https://me:secret@proxy.example', HTTPS_PROXY: 'not one' }],
  [{ HTTPS_PROXY: 'http://me:p@ss%23%25@proxy.example:3128/' }],
])('the proxy is read from %j', (values) => {
  expect(networkProblems(variables(values))).toEqual([])
  expect(() => createTransport({ authorities: undefined }, variables(values))).not.toThrow()
})

test.each([
  'http://',
  'ftp://me:canary@proxy.example',
  'me:canary@:x',
  'socks5://proxy:1',
  'http://me:canary%zz@proxy.example:3128',
  'http://me:canary%@proxy.example:3128',
  'http://me%ff:canary@proxy.example:3128',
  'http://:canary%@proxy.example:3128',
  'http://me:canary#1@proxy.example:3128',
  'http://me:12#canary@proxy.example:3128',
  'http://me:12/canary@proxy.example:3128',
  'http://me:12?canary@proxy.example:3128',
])('%s is not a proxy, and the message names the variable but not the password', (proxy) => {
  for (const name of ['HTTPS_PROXY', 'https_proxy']) {
    const problems = networkProblems(variables({ [name]: proxy }))
    expect(problems).toEqual([expect.stringMatching(new RegExp(`^${name}: expected [^\\n]+$`))])
    expect(problems.join()).not.toContain('canary')
  }
})

test('unused variables are not checked', () => {
  const values = { HTTP_PROXY: '%', http_proxy: '%', ALL_PROXY: '%', NO_PROXY: '%,[::1', no_proxy: ':' }
  expect(networkProblems(variables(values))).toEqual([])
  expect(() => createTransport({ authorities: undefined }, variables(values))).not.toThrow()
})

test('accepting any certificate is reported as unsafe', () => {
  expect(networkProblems(variables({ NODE_TLS_REJECT_UNAUTHORIZED: '0' }))).toHaveLength(1)
  expect(networkProblems(variables({ NODE_TLS_REJECT_UNAUTHORIZED: '1' }))).toEqual([])
})
