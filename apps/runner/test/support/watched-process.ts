import { spawnSync } from 'node:child_process'
import { setTimeout } from 'node:timers/promises'
import { watchEventLoop } from '../../src/watchdog/watch-event-loop.ts'

/** Ways in which a sink keeps the event loop. */
const ways: Readonly<Record<string, () => Promise<void>>> = {
  'an endless loop': async () => {
    const cell = new Int32Array(new SharedArrayBuffer(4))
    for (;;) Atomics.wait(cell, 0, 0, 20)
  },
  'promises without end': async () => {
    for (;;) await null
  },
  'a regular expression that never ends': async () => {
    ;/^(a+)+$/.test(`${'a'.repeat(100)}b`)
  },
  'a child process that it waits for': async () => {
    spawnSync('sleep', ['6'])
  },
  'work in pieces': async () => {
    for (const _ of Array(8)) {
      spawnSync('sleep', ['0.6'])
      await setTimeout(100)
    }
  },
  nothing: () => setTimeout(6_000),
}

// Long enough that no load of the machine is taken for a loop.
const blockedMs = 2_000
{
  using _ = watchEventLoop({ sinks: [{ name: 'mine', url: import.meta.url }], blockedMs, pretty: false })
  await setTimeout(200)
  process.stdout.write('begun\n')
  await ways[process.argv[2] ?? '']?.()
}
process.stdout.write('ended\n')
