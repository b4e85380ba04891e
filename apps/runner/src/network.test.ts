import { expect, test } from 'vitest'
import { createTransport, networkProblems } from './network.ts'

const variables = (values: Readonly<Record<string, string>>) => (name: string) => values[name]

test.each([
  [{}],
  [{ HTTPS_PROXY: '' }],
  [{ HTTPS_PROXY: 'http://proxy.example:3128' }],
  [{ HTTPS_PROXY: 'proxy.example:3128' }],
  [{ https_proxy: 'https://me:secret@proxy.example', HTTPS_PROXY: 'not one' }],
])('a proxy is taken from %j', (values) => {
  expect(networkProblems(variables(values))).toEqual([])
  expect(() => createTransport({ authorities: undefined }, variables(values))).not.toThrow()
})

test.each(['http://', 'ftp://me:canary@proxy.example', 'me:canary@:x', 'socks5://proxy:1'])(
  'no proxy is made of %s, and its password is not told',
  (proxy) => {
    const problems = networkProblems(variables({ HTTPS_PROXY: proxy }))
    expect(problems).toEqual([expect.stringMatching(/^HTTPS_PROXY: expected/)])
    expect(problems.join()).not.toContain('canary')
  },
)

test('a process that takes any certificate sends nothing', () => {
  expect(networkProblems(variables({ NODE_TLS_REJECT_UNAUTHORIZED: '0' }))).toHaveLength(1)
  expect(networkProblems(variables({ NODE_TLS_REJECT_UNAUTHORIZED: '1' }))).toEqual([])
})
