import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sharedPostgresUrl } from '@cdrstream-internal/services'
import { Client } from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { parse } from 'yaml'
import { startCommand } from './support/start-command.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const read = (file: string) => readFileSync(join(root, file), 'utf8')

interface Compose {
  readonly services: Readonly<Record<string, { readonly command: readonly string[] }>>
}

test('the collector in compose.yaml delivers simulated calls to Postgres, and Prometheus can read its metrics', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'cdrstream-compose-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const { services }: Compose = parse(read('compose.yaml'), { merge: true })
  const command = (services.simulator?.command ?? []).map((word) => (word === '8080' ? '0' : word))
  expect(command).toContain('0')
  const simulator = startCommand(command, { directory })
  await expect.poll(simulator.out).toContain('stream:')
  const simulated = parse(simulator.out())
  const { webex } = parse(read('deploy/compose/cdrstream.yaml'))
  expect({ ...webex, baseUrl: simulated.webex.baseUrl }).toEqual(simulated.webex)

  // Replace the containers' addresses and paths with those of this test.
  const postgres = await emptyDatabase('compose_trial')
  const token = join(root, 'deploy/compose/http-token')
  const configuration = [
    ['http://127.0.0.1:8080/v1', simulated.webex.baseUrl],
    [/postgres:[^"]*/, postgres],
    ['/run/secrets/http-token', token],
    ['port: 9464', 'port: 0'],
    ['/data/journal', join(directory, 'journal')],
    ['/data/records', join(directory, 'records')],
  ].reduce((text, [from, to]) => {
    expect(text).toMatch(from)
    return text.replace(from, to)
  }, read('deploy/compose/cdrstream.yaml'))
  writeFileSync(join(directory, 'cdrstream.yaml'), configuration)

  const collector = startCommand(['run'], { directory })
  const client = new Client({ connectionString: postgres })
  await client.connect()
  onTestFinished(() => client.end())
  const count = async () => {
    const found = await client.query('select count(*)::int as rows from cdr.record').catch(() => undefined)
    return found?.rows[0].rows ?? 0
  }
  await expect.poll(count, { message: collector.err() }).toBeGreaterThan(10)

  const [, port = ''] = /"url":"http:\/\/0\.0\.0\.0:(\d+)"/.exec(collector.err()) ?? []
  const { scrape_configs: jobs } = parse(read('deploy/compose/prometheus.yaml'))
  const [host, scraped] = jobs[0].static_configs[0].targets[0].split(':')
  expect(scraped).toBe('9464')
  const authorization = `Bearer ${readFileSync(token, 'utf8').trim()}`
  expect(await metrics(port, { host: `${host}:9464`, authorization })).toMatchObject({ status: 200 })
  expect(await metrics(port, { host: `${host}:9464` })).toMatchObject({ status: 401 })

  collector.process.kill('SIGTERM')
  const { code, err } = await collector.ended
  expect(code, err).toBe(0)
})

function metrics(port: string, headers: Readonly<Record<string, string>>) {
  return new Promise<{ readonly status: number | undefined }>((resolve, reject) => {
    const request = get({ host: '127.0.0.1', port, path: '/metrics', headers }, (response) => {
      response.resume()
      response.on('end', () => resolve({ status: response.statusCode }))
    })
    request.on('error', reject)
  })
}

async function emptyDatabase(name: string): Promise<string> {
  const url = new URL(await sharedPostgresUrl())
  const client = new Client({ connectionString: url.href })
  await client.connect()
  await client.query(`drop database if exists ${name} with (force)`)
  await client.query(`create database ${name}`)
  await client.end()
  url.pathname = name
  return url.href
}
