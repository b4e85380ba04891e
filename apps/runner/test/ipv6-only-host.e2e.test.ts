import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compareKeysWithLedger } from '@cdrstream/simulator'
import { sharedElasticsearchUrl, sharedPostgresUrl } from '@cdrstream-internal/services'
import { Client } from 'pg'
import { describe, expect, onTestFinished, test } from 'vitest'
import { ipv6OnlyHost } from './support/ipv6-only-host.ts'
import { busyMix, drain, simulateApi } from './support/simulated-api.ts'
import { signalGroup } from './support/start-command.ts'

type Row = { readonly org: string; readonly key: string }

const onIpv6 = (url: string) => url.replace('127.0.0.1', '[::1]')
const portOf = (url: string) => Number(new URL(url).port)

async function emptyTable(url: string, schema: string): Promise<() => Promise<readonly Row[]>> {
  const client = new Client({ connectionString: url })
  await client.connect()
  onTestFinished(() => client.end())
  await client.query(`drop schema if exists ${schema} cascade`)
  return async () => (await client.query(`select org, key from ${schema}.record`)).rows
}

async function documents(url: string, indexPrefix: string): Promise<readonly Row[]> {
  await fetch(`${url}/${indexPrefix}/_refresh`, { method: 'POST' })
  const answer = await fetch(`${url}/${indexPrefix}/_search?size=10000`)
  const found = (await answer.json()) as {
    readonly hits?: { readonly hits: readonly { readonly _source: Row }[] }
  }
  return found.hits?.hits.map(({ _source }) => _source) ?? []
}

// Only root can create a network namespace.
if (process.getuid?.() === 0) {
  describe('a host without IPv4', () => {
    test('cannot reach 127.0.0.1', async () => {
      const host = await ipv6OnlyHost()
      const program = `require('node:net').connect(9, '127.0.0.1').on('error', ({ code }) => console.log(code))`
      const { out } = await host.start([process.execPath, '-e', program], tmpdir()).ended
      expect(out).toBe('ENETUNREACH\n')
    })

    test('can validate, run doctor, collect, deliver to Postgres and Elasticsearch, and serve HTTP', async () => {
      const [postgres, elasticsearch] = [await sharedPostgresUrl(), await sharedElasticsearchUrl()]
      const rows = await emptyTable(postgres, 'ipv6_only')
      await using api = await simulateApi({ seed: 61, recordsPerMinute: 6_000, mix: busyMix })
      const file = join(api.directory, 'cdrstream.yaml')
      const text = readFileSync(file, 'utf8')
      const [, baseUrl = ''] = /baseUrl: (.*)/.exec(text) ?? []
      const sinks = [
        `{ name: warehouse, use: postgres, options: { url: "${onIpv6(postgres)}", schema: ipv6_only } }`,
        `{ name: search, use: elasticsearch, options: { nodes: ["${onIpv6(elasticsearch)}"], indexPrefix: ipv6-only } }`,
      ]
      const added = text.replace('sinks:\n', `sinks:\n${sinks.map((sink) => `  - ${sink}\n`).join('')}`)
      writeFileSync(file, `${added.replaceAll('127.0.0.1', '[::1]')}http: { host: "::1", port: 0 }\n`)
      const host = await ipv6OnlyHost([baseUrl, postgres, elasticsearch].map(portOf))

      expect(await host.startCommand(['validate'], api.directory).ended).toMatchObject({ code: 0 })
      const doctor = await host.startCommand(['doctor', '--json', '--no-wait'], api.directory).ended
      expect(doctor.code, doctor.out).toBe(0)

      const collector = host.startCommand(['run'], api.directory)
      await drain(api)
      const { ledger } = api.simulator
      const missing = async () =>
        compareKeysWithLedger(ledger, await rows()).missing.length +
        compareKeysWithLedger(ledger, await documents(elasticsearch, 'ipv6-only')).missing.length
      await expect.poll(missing, { interval: 300, message: collector.err() }).toBe(0)
      const { shown } = await api.compare()
      await expect.poll(async () => (await api.compare()).delivered).toBe(shown)
      expect(collector.err()).toContain('"url":"http://[::1]:')
      signalGroup(collector.process, 'SIGTERM')
      const { code, err } = await collector.ended
      expect(code, err).toBe(0)
      expect(shown).toBeGreaterThan(100)
      for (const found of [await rows(), await documents(elasticsearch, 'ipv6-only')]) {
        expect(compareKeysWithLedger(ledger, found)).toMatchObject({ missing: [], twice: 0, invented: 0 })
      }
    })

    test('can run the demo', async () => {
      const directory = mkdtempSync(join(tmpdir(), 'cdrstream-e2e-'))
      onTestFinished(() => rmSync(directory, { recursive: true }))
      const host = await ipv6OnlyHost()
      const { code, out, err } = await host.startCommand(['demo', '--for', '6s'], directory).ended
      expect({ code, err }, out).toEqual({ code: 0, err: '' })
      expect(out).toMatch(/ 0 missing, 0 twice\n$/)
    })
  })
}
