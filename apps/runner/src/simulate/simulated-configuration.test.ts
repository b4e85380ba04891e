import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { builtInSinks } from '../built-in-sinks.ts'
import { loadToCollect } from '../configuration/load-configuration.ts'
import { simulatedConfiguration } from './simulated-configuration.ts'
import { simulatedOrgs } from './simulated-orgs.ts'
import { simulatedTerms } from './simulated-terms.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'cdrstream-simulated-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

test.each([1, 7, 60, 720])(
  'scaled by %d, the simulator and the collector have the same terms',
  async (scale) => {
    const terms = simulatedTerms({ scale })
    const file = join(directory, 'cdrstream.yaml')
    writeFileSync(
      file,
      simulatedConfiguration({
        baseUrl: 'http://127.0.0.1:1234/v1',
        orgs: [{ name: 'acme', token: 'a "token"'.replaceAll(' ', '') }],
        terms,
        publishAfter: '5s',
        directories: { data: './data', records: './records' },
      }),
    )
    const loaded = await loadToCollect({
      file,
      builtInSinks,
      variable: () => undefined,
    })

    expect(loaded).toMatchObject({
      kind: 'configuration',
      configuration: {
        orgs: [{ name: 'acme', baseUrl: 'http://127.0.0.1:1234/v1', reachMs: terms.retentionMs }],
        terms: {
          pageSize: terms.pageSize.max,
          initialRequests: terms.initialRequests,
          pageRequests: terms.pageRequests,
          stream: {
            settleMs: terms.settleMs,
            retentionMs: terms.retentionMs,
            maxWindowMs: terms.maxWindowMs,
          },
        },
      },
    })
  },
)

test('orgs that sign in have a refresh token, and the configuration has a token endpoint', async () => {
  const orgs = simulatedOrgs({ orgs: 2, token: 'unused', rate: 1, signIn: true })
  const file = join(directory, 'cdrstream.yaml')
  const tokenUrl = 'http://127.0.0.1:1234/v1/access_token'
  writeFileSync(
    file,
    simulatedConfiguration({
      baseUrl: 'http://127.0.0.1:1234/v1',
      tokenUrl,
      orgs,
      terms: simulatedTerms({ scale: 60 }),
      publishAfter: '5s',
      directories: { data: './data', records: './records' },
    }),
  )
  const loaded = await loadToCollect({
    file,
    builtInSinks,
    variable: () => undefined,
  })

  expect(loaded).toMatchObject({
    configuration: {
      orgs: [
        { credential: 'org-1', auth: { kind: 'client', clientId: 'simulated-client-1', tokenUrl } },
        { credential: 'org-2', auth: { kind: 'client', clientId: 'simulated-client-2', tokenUrl } },
      ],
    },
  })
})

test('terms that are given explicitly are not scaled', () => {
  const terms = simulatedTerms({ scale: 60, per: 500, pageSize: 100, retention: 90_000 })

  expect(terms).toMatchObject({
    pageSize: { min: 100, max: 100 },
    initialRequests: { count: 1, perMs: 500 },
    settleMs: 1_000,
    retentionMs: 90_000,
    maxWindowMs: 120_000,
  })
})
