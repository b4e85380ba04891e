import { type ChildProcess, execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { ask } from './support/operated-collector.ts'
import { busyMix, type SimulatedApi, simulateApi } from './support/simulated-api.ts'
import { runCommand, startCommand } from './support/start-command.ts'

const rate = { recordsPerMinute: 6_000, mix: busyMix }

function setKey({ directory }: SimulatedApi, before: RegExp, after: string): void {
  const file = join(directory, 'cdrstream.yaml')
  writeFileSync(file, readFileSync(file, 'utf8').replace(before, after))
}

/**
 * Suspends a collector, but not during a transaction, because then no other process could write to its
 * journal.
 */
async function hang(collector: ChildProcess, journal: string): Promise<void> {
  while (true) {
    collector.kill('SIGSTOP')
    const database = new DatabaseSync(journal, { timeout: 200 })
    try {
      return database.exec('begin immediate; rollback')
    } catch {
      collector.kill('SIGCONT')
    } finally {
      database.close()
    }
  }
}

test('a request to a collector that hangs, or to a busy journal, is answered with one line', async () => {
  await using api = await simulateApi({ seed: 71, ...rate })
  const { directory } = api
  const collector = startCommand(['run'], { directory })
  await expect.poll(() => collector.err()).toContain('"collecting"')
  const journal = join(directory, 'data/cdrstream.db')

  // A process that blocks writes to the journal.
  const other = new DatabaseSync(journal, { timeout: 5_000 })
  other.exec('begin immediate')
  const busy = await runCommand(['sink', 'pause', 'files'], { directory })
  other.exec('rollback')
  other.close()
  expect(busy).toMatchObject({ code: 2, out: '' })
  expect(busy.err).toMatch(/^journal: .*is in use by another process\n$/)

  await hang(collector.process, journal)
  const stuck = await runCommand(['sink', 'pause', 'files', '--timeout', '1s'], { directory })
  collector.process.kill('SIGCONT')
  expect(stuck.code).toBe(1)
  expect(stuck.err).toMatch(/request 1 stays in the journal/)
  // The collector carries out the request as soon as it can.
  await expect.poll(() => collector.err()).toContain('"code":"paused-by-operator"')
  expect(await ask(api, 'sink', 'resume', 'files')).toMatchObject({ code: 0, state: 'done' })
  collector.process.kill('SIGTERM')
  expect((await collector.ended).code).toBe(0)
})

test('a request is carried out at the next start if its command was stopped', async () => {
  await using api = await simulateApi({ seed: 72, ...rate })
  const { directory } = api
  const first = startCommand(['run'], { directory })
  await expect.poll(() => first.err()).toContain('"collecting"')
  const journal = join(directory, 'data/cdrstream.db')
  await hang(first.process, journal)
  const waiting = startCommand(['sink', 'pause', 'files'], { directory })
  const requests = () => {
    const database = new DatabaseSync(journal, { readOnly: true })
    try {
      return database.prepare('select state from request').all()
    } finally {
      database.close()
    }
  }
  await expect.poll(requests).toEqual([{ state: 'new' }])
  waiting.process.kill('SIGINT')
  const { code, err } = await waiting.ended
  expect(code).toBe(1)
  expect(err).toBe('no longer waiting; request 1 stays in the journal, and the collector carries it out\n')
  first.process.kill('SIGKILL')
  await first.ended
  const second = startCommand(['run'], { directory })
  await expect.poll(() => second.err()).toContain('"code":"paused-by-operator"')
  expect(requests()).toEqual([{ state: 'done' }])
  second.process.kill('SIGTERM')
  await second.ended
})

// Only root can mount a disk.
if (process.getuid?.() === 0) {
  test('on a full disk, a request is refused with one line and changes nothing', async () => {
    await using api = await simulateApi({ seed: 73, ...rate })
    const { directory } = api
    const disk = mkdtempSync(join(tmpdir(), 'cdrstream-disk-'))
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', disk], { stdio: 'ignore' })
    onTestFinished(() => {
      execFileSync('umount', ['--lazy', disk])
      rmSync(disk, { recursive: true })
    })
    setKey(api, /path: \S+\.db"?/, `path: ${JSON.stringify(join(disk, 'j/cdrstream.db'))}, minFreeDisk: 1MB`)
    expect((await runCommand(['run', '--once'], { directory })).code).toBe(0)
    const ballast = join(disk, 'ballast')
    try {
      execFileSync('dd', ['if=/dev/zero', `of=${ballast}`, 'bs=4096'], { stdio: 'ignore' })
    } catch {
      // dd ends when the disk is full.
    }
    const full = await runCommand(['sink', 'pause', 'files'], { directory })
    expect(full).toMatchObject({ code: 2, out: '' })
    expect(full.err.trim().split('\n')).toHaveLength(1)
    expect(full.err).toMatch(/no room|full|not writable|cannot be/)
    rmSync(ballast)
    expect(await ask(api, 'sink', 'pause', 'files')).toMatchObject({ code: 0, state: 'done' })
  })
}
