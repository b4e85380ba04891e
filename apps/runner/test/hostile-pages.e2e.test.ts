import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { deliveredLines } from '../src/simulate/delivered-lines.ts'
import { simulatedConfiguration } from '../src/simulate/simulated-configuration.ts'
import { terms } from './support/simulated-api.ts'
import { startCommand } from './support/start-command.ts'

/** The heap of a small container. Without limits on responses, each of these pages needs far more. */
const heap = { NODE_OPTIONS: '--max-old-space-size=256' }

/** Returns a list of this many bytes that repeats one item. */
const listOf = (item: string, bytes: number) => `[${`${item},`.repeat(bytes / (item.length + 1))}${item}]`
const mega = 1_000_000

const pages: readonly (readonly [what: string, page: () => string])[] = [
  ['12 MB of empty objects', () => `{"items":${listOf('{}', 12 * mega)}}`],
  ['60 MB of empty objects', () => `{"items":${listOf('{}', 60 * mega)}}`],
  ['60 MB of numbers', () => `{"items":${listOf('1', 60 * mega)}}`],
  ['60 MB of tiny records', () => `{"items":${listOf('{"a":1}', 60 * mega)}}`],
  ['a 60 MB list as the only item', () => `{"items":[${listOf('{}', 60 * mega)}]}`],
  ['a 60 MB list beside the items', () => `{"items":[],"errors":${listOf('[]', 60 * mega)}}`],
  ['a 60 MB name', () => `{"items":[],"${'é'.repeat(30 * mega)}":1}`],
  ['a 60 MB record', () => `{"items":[{"User":"${'é'.repeat(30 * mega)}"}]}`],
  ['60 MB of 20 kB records', () => `{"items":${listOf(`{"User":"${'é'.repeat(10_000)}"}`, 30 * mega)}}`],
  [
    'names of letters that each expand to eighteen others',
    () => `{"items":${listOf(`{"${'\ufdfa'.repeat(300_000)}":1}`, 1.5 * mega)}}`,
  ],
  ['lists nested a million levels deep', () => `{"items":[${'['.repeat(mega)}${']'.repeat(mega)}]}`],
  ['60 MB that open lists', () => `{"items":${'['.repeat(60 * mega)}`],
]

test('a collector with a heap of 256 MB survives pages that are built to need more, and collects afterwards', async () => {
  const bodies = pages.map(([, page]) => gzipSync(page(), { level: 1 }))
  const directory = mkdtempSync(join(tmpdir(), 'cdrstream-e2e-'))
  let healthy = false
  let asked = 0
  const server = createServer((_request, response) => {
    if (healthy) return void response.end('{"items":[{"Report ID":"after","Duration":1}]}')
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(bodies[asked % bodies.length])
    asked += 1
  })
  const start = () => startCommand(['run'], { directory, variables: heap })
  try {
    const baseUrl = `http://127.0.0.1:${await listen(server)}/v1`
    // Several orgs, because an org waits longer after every failed page.
    const orgs = ['a', 'b', 'c', 'd'].map((name) => ({ name, token: `canary-token-${name}` }))
    const directories = { data: './data', records: './records' }
    writeFileSync(
      join(directory, 'cdrstream.yaml'),
      simulatedConfiguration({ baseUrl, orgs, terms, start: '5s', publishAfter: '1s', directories }),
    )
    // Each page once, again after a restart, and until the last ones have been processed.
    for (const round of [1, 2]) {
      const collector = start()
      const isAlive = () => collector.process.exitCode === null && collector.process.signalCode === null
      const isDone = () => asked >= round * (bodies.length + orgs.length)
      await expect.poll(() => isDone() || !isAlive()).toBe(true)
      expect(
        isAlive(),
        `after ${pages[(asked - 1) % pages.length]?.[0]}: ${collector.err().slice(-2_000)}`,
      ).toBe(true)
      collector.process.kill('SIGTERM')
      expect(await collector.ended).toMatchObject({ code: 0 })
    }

    healthy = true
    const collector = start()
    const delivered = async () =>
      (await deliveredLines(join(directory, 'records'))).filter(({ text }) => text.includes('after')).length
    await expect.poll(delivered).toBe(orgs.length)
    collector.process.kill('SIGTERM')
    expect(await collector.ended).toMatchObject({ code: 0, signal: null })
  } finally {
    server.closeAllConnections()
    server.close()
    rmSync(directory, { recursive: true })
  }
})

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}
