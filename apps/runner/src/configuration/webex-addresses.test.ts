import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rootCertificates } from 'node:tls'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { builtInSinks } from '../built-in-sinks.ts'
import type { CollectConfiguration } from './configuration.ts'
import { loadToCollect } from './load-configuration.ts'

let directory: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'cdrstream-addresses-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

async function load(webex: string, region = 'auto') {
  const file = join(directory, 'cdrstream.yaml')
  writeFileSync(
    file,
    `orgs: [{ name: a, auth: { accessToken: t }, region: ${region} }]
journal: { path: ./j.db }
sinks: [{ name: f, use: file, options: { directory: ./r } }]
webex: ${webex}
`,
  )
  return loadToCollect({ file, builtInSinks, variable: () => undefined })
}

async function configurationOf(webex: string, region?: string): Promise<CollectConfiguration> {
  const loaded = await load(webex, region)
  if (loaded.kind === 'problems') throw new Error(loaded.lines.join('\n'))
  return loaded.configuration
}

async function problemsOf(webex: string): Promise<readonly string[]> {
  const loaded = await load(webex)
  return loaded.kind === 'problems' ? loaded.lines.map((line) => line.replace(/^.*yaml:\S+ /, '')) : []
}

test('auto starts at the general host and follows the org, and a named region is fixed', async () => {
  const regions = ['auto', 'us', 'eu', 'in', 'au', 'gov']
  const found = await Promise.all(regions.map(async (name) => (await configurationOf('{}', name)).orgs[0]))
  expect(found.map((org) => [org?.region, org?.baseUrl])).toEqual([
    ['follow', 'https://analytics-calling.webexapis.com/v1'],
    ['fixed', 'https://analytics-calling.webexapis.com/v1'],
    ['fixed', 'https://analytics-calling-eu.webexapis.com/v1'],
    ['fixed', 'https://analytics-calling-in.webexapis.com/v1'],
    ['fixed', 'https://analytics-calling-au.webexapis.com/v1'],
    ['fixed', 'https://analytics-calling-gov.webexapis.com/v1'],
  ])
})

test.each([
  [
    '{ baseUrl: "https://analytics-calling-au.webexapis.com/v1/" }',
    'https://analytics-calling-au.webexapis.com/v1',
  ],
  ['{ baseUrl: "http://127.0.0.1:8080/v1" }', 'http://127.0.0.1:8080/v1'],
  [
    '{ baseUrl: "https://relay.example:8443/v1", allowedHosts: ["relay.example:8443"] }',
    'https://relay.example:8443/v1',
  ],
])('the base URL comes from %s', async (webex, baseUrl) => {
  expect((await configurationOf(webex)).orgs[0]?.baseUrl).toBe(baseUrl)
})

test.each([
  ['https://relay.example:8443/v1'],
  ['https://analytics-calling.webexapis.com.evil.example/v1'],
  ['https://analytics-calling.webexapis.com:444/v1'],
  ['http://analytics-calling.webexapis.com/v1'],
  ['https://user@analytics-calling.webexapis.com/v1'],
])('tokens are not sent to %s, and one line reports this', async (url) => {
  const problems = await problemsOf(`{ baseUrl: "${url}", allowedHosts: [relay.example] }`)
  expect(problems).toEqual([expect.stringMatching(/^webex\.baseUrl: expected /)])
})

test("webex.ca is a certificate file, relative to the configuration's directory", async () => {
  const [first = '', second = ''] = rootCertificates
  writeFileSync(join(directory, 'ca.pem'), `# ours\n${first}\n${second}\n`)
  expect((await configurationOf('{ ca: ./ca.pem }')).authorities).toBe(`${first}\n${second}`)
  expect((await configurationOf('{}')).authorities).toBeUndefined()
})

test.each([
  ['nothing.pem', null],
  ['empty.pem', ''],
  ['key.pem', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n'],
  ['damaged.pem', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'],
])('webex.ca cannot be %s, and one line reports this', async (name, content) => {
  if (content !== null) writeFileSync(join(directory, name), content)
  expect(await problemsOf(`{ ca: ./${name} }`)).toEqual([expect.stringMatching(/^webex\.ca: expected /)])
})
