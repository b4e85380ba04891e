import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { simulateApi } from './support/simulated-api.ts'
import { type StartedCommand, startCommand } from './support/start-command.ts'

/** A configuration with tokens and with sink passwords, whose servers return useless responses. */
async function secretWorld(): Promise<string> {
  const signIn = { clientId: 'client', clientSecret: 'canary-client', refreshToken: 'canary-refresh' }
  const orgs = [
    { name: 'acme', token: 'canary-token' },
    { name: 'other', signIn },
  ]
  const api = await simulateApi({ seed: 3, recordsPerMinute: 600, orgs })
  onTestFinished(() => api[Symbol.asyncDispose]())
  const server = createServer((request, response) => {
    request.resume()
    response.writeHead(503, { 'content-type': 'application/json' }).end('{}')
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  const file = join(api.directory, 'cdrstream.yaml')
  const sinks = `sinks:
  - { name: search, use: elasticsearch, options: { nodes: ["http://127.0.0.1:${port}"], apiKey: canary-api-key } }
  - { name: warehouse, use: postgres, options: { url: "postgres://me:canary-password@127.0.0.1:${port}/db" } }`
  writeFileSync(file, readFileSync(file, 'utf8').replace('sinks:', sinks))
  return api.directory
}

async function delivering(collector: StartedCommand): Promise<void> {
  const retrying = (sink: string) => new RegExp(`retrying.*"sink":"${sink}"|"sink":"${sink}".*retrying`)
  await expect.poll(collector.err).toMatch(retrying('search'))
  await expect.poll(collector.err).toMatch(retrying('warehouse'))
}

test('no debug variable makes the collector or a library print a secret', async () => {
  const directory = await secretWorld()
  const variables = { DEBUG: '*', NODE_DEBUG: '*', NODE_DEBUG_NATIVE: 'http2,tls' }
  const collector = startCommand(['run', '--log-level', 'debug'], { directory, variables })
  await delivering(collector)
  collector.process.kill('SIGTERM')
  const { code, out, err } = await collector.ended
  expect(code).toBe(0)
  expect(out + err).not.toContain('canary')
  const doctor = await startCommand(['doctor'], { directory, variables }).ended
  expect(doctor.out).not.toBe('')
  expect(doctor.out + doctor.err).not.toContain('canary')
})

test.each(['run', 'simulate'])(
  'SIGUSR1 does not stop %s and does not open a debugger to other users',
  async (command) => {
    const directory = await secretWorld()
    const args = command === 'run' ? ['run'] : ['simulate', '--port', '0']
    const started = startCommand(args, { directory })
    const output = () => started.out() + started.err()
    await expect.poll(output).not.toBe('')
    started.process.kill('SIGUSR1')
    // The command writes this after it has received the earlier signal.
    started.process.kill('SIGTERM')
    const { code, signal } = await started.ended
    expect({ code, signal }).toEqual({ code: 0, signal: null })
    expect(output()).not.toContain('Debugger')
  },
)
