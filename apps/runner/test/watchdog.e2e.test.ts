import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { simulateApi } from './support/simulated-api.ts'
import { startCommand } from './support/start-command.ts'

const script = fileURLToPath(new URL('./support/watched-process.ts', import.meta.url))

function start(way: string, nodeFlags: readonly string[] = []) {
  const child = spawn(process.execPath, ['--conditions=cdrstream-source', ...nodeFlags, script, way], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let out = ''
  let err = ''
  child.stdout.on('data', (text) => {
    out += text
  })
  child.stderr.on('data', (text) => {
    err += text
  })
  const ended = new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, out, err }))
  })
  return { child, ended, out: () => out, [Symbol.dispose]: () => void child.kill('SIGKILL') }
}

describe.concurrent('a watched process', { timeout: 60_000 }, () => {
  test.each(['an endless loop', 'promises without end', 'a regular expression that never ends'])(
    'is terminated if a sink blocks the event loop with %s, and the log names the sink and the line',
    async (way) => {
      using started = start(way)
      const { code, out, err } = await started.ended
      expect({ code, out }).toEqual({ code: 1, out: 'begun\n' })
      expect(JSON.parse(err.split('\n')[0] ?? '')).toMatchObject({
        level: 'error',
        code: 'event-loop-blocked',
        sinks: ['mine'],
        at: expect.stringMatching(/watched-process\.ts:\d+$/),
      })
    },
  )

  test.each([
    'a disk that takes its time',
    'a database that takes its time',
    'a child process that it waits for',
  ])('continues after %s, with a warning', async (way) => {
    using started = start(way)
    const { code, out, err } = await started.ended
    expect({ code, out }).toEqual({ code: 0, out: 'begun\nended\n' })
    const codes = err
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).code)
    expect(new Set(codes)).toEqual(new Set(['event-loop-waiting']))
  })

  test.each(['work in pieces', 'nothing'])('continues after %s', async (way) => {
    using started = start(way)
    expect(await started.ended).toMatchObject({ code: 0, out: 'begun\nended\n' })
  })

  test('continues after being stopped for longer than the loop may be blocked', async () => {
    using started = start('nothing')
    const { child, ended, out } = started
    await expect.poll(out).toBe('begun\n')
    child.kill('SIGSTOP')
    await setTimeout(5_000)
    child.kill('SIGCONT')
    expect(await ended).toMatchObject({ code: 0, out: 'begun\nended\n' })
  })

  test('is not watched while a debugger is attached', async () => {
    using started = start('an endless loop', ['--inspect=127.0.0.1:0'])
    const { child, ended, out } = started
    await expect.poll(out).toBe('begun\n')
    await setTimeout(5_000)
    expect(child.exitCode).toBeNull()
    child.kill('SIGKILL')
    await ended
  })
})

/** A sink that never returns from its first write. It sleeps, so that it uses no CPU. */
const endlessSink = `
export default {
  cdrstream: 1,
  name: 'endless',
  options: { '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value }) } },
  traits: { idempotence: 'none' },
  create: () => ({ open: async () => ({ kind: 'opened', session: { write } }) }),
}

async function write() {
  const cell = new Int32Array(new SharedArrayBuffer(4))
  for (;;) Atomics.wait(cell, 0, 0, 100)
}
`

test('a collector whose custom sink never returns ends after a minute, with code 1 and the name of the sink', async () => {
  await using api = await simulateApi({ seed: 23, recordsPerMinute: 2_000 })
  const configuration = join(api.directory, 'cdrstream.yaml')
  writeFileSync(join(api.directory, 'endless.mjs'), endlessSink)
  const sinks = 'sinks:\n  - { name: mine, use: ./endless.mjs }\n'
  writeFileSync(configuration, readFileSync(configuration, 'utf8').replace('sinks:\n', sinks))
  const { code, err } = await startCommand(['run'], { directory: api.directory }).ended
  expect(code).toBe(1)
  const lines = err.split('\n').filter((line) => line.includes('event-loop-blocked'))
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { level: 'error', sinks: ['mine'], at: expect.stringMatching(/endless\.mjs:1[12]$/) },
  ])
})
