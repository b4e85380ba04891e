import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout } from 'node:timers/promises'
import { watchEventLoop } from '../../src/watchdog/watch-event-loop.ts'

/** Ways in which a sink blocks the event loop. */
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
    spawnSync('sleep', ['12'])
  },
  // To the event loop, a file system call that does not return is the same as a slow fsync.
  'a disk that takes its time': async () => {
    const pipe = join(directory, 'pipe')
    spawnSync('mkfifo', [pipe])
    spawn('sh', ['-c', `sleep 12; : > ${pipe}`])
    openSync(pipe, 'r')
  },
  'a database that takes its time': async () => {
    const path = join(directory, 'journal.db')
    new DatabaseSync(path).exec('begin immediate')
    const waiting = new DatabaseSync(path, { timeout: 12_000 })
    try {
      waiting.exec('begin immediate')
    } catch {
      // It is still locked.
    }
  },
  'work in pieces': async () => {
    for (const _ of Array(8)) {
      spawnSync('sleep', ['0.6'])
      await setTimeout(100)
    }
  },
  nothing: () => setTimeout(6_000),
}

const directory = mkdtempSync(join(tmpdir(), 'cdrstream-watched-'))
// Long enough for a busy machine not to look like an endless loop.
const blockedMs = 2_000
{
  using _ = watchEventLoop({ sinks: [{ name: 'mine', url: import.meta.url }], blockedMs, pretty: false })
  await setTimeout(200)
  process.stdout.write('begun\n')
  await ways[process.argv[2] ?? '']?.()
}
rmSync(directory, { recursive: true })
process.stdout.write('ended\n')
