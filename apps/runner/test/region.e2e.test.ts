import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { serveSimulator } from '@cdrstream/simulator'
import { expect, onTestFailed, test } from 'vitest'
import { drain, simulateApi } from './support/simulated-api.ts'
import { startCommand } from './support/start-command.ts'

test('an org is followed through regions, moves and restarts, within the rate limit and without losing records', async () => {
  await using api = await simulateApi({ seed: 4, recordsPerMinute: 6_000 })
  const other = await serveSimulator(api.simulator)
  await using _ = { [Symbol.asyncDispose]: () => other.close() }
  const file = join(api.directory, 'cdrstream.yaml')
  const first = /baseUrl: http:\/\/(\S+)\/v1/.exec(readFileSync(file, 'utf8'))?.[1] ?? ''
  const second = new URL(other.baseUrl).host
  appendFileSync(file, `  allowedHosts: ["${first}", "${second}"]\n`)
  let home = second
  const asked: string[] = []
  api.simulator.route('acme', (host) => {
    asked.push(host)
    return host === home ? null : `http://${home}`
  })
  const collectFrom = async (host: string) => {
    const before = asked.length
    await expect.poll(() => asked.slice(before).filter((each) => each === host).length).toBeGreaterThan(1)
  }
  const run = () => startCommand(['run'], { directory: api.directory })

  const collector = run()
  onTestFailed(() => console.error(collector.err().slice(-5_000), asked.join(' ')))
  await collectFrom(second)
  expect(asked[0]).toBe(first)
  home = first
  await collectFrom(first)
  home = second
  await collectFrom(second)
  collector.process.kill('SIGKILL')
  const { err } = await collector.ended
  expect(err.match(/"code":"region-moved"/g)).toHaveLength(3)

  asked.length = 0
  const next = run()
  await drain(api)
  await expect
    .poll(() => api.compare(), { interval: 300 })
    .toMatchObject({ missing: [], twice: 0, invented: 0 })
  next.process.kill('SIGTERM')
  expect((await next.ended).code).toBe(0)
  expect(new Set(asked)).toEqual(new Set([second]))
  expect(api.simulator.rateViolations()).toEqual([])
})
