import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { referenceCertification } from '../test/support/reference-certification.ts'
import { makeRecord } from './records/make-record.ts'
import { referenceKeySink } from './reference-sinks/key-sink.ts'
import { storedRecord, storeLine } from './reference-sinks/store-file.ts'
import { runSinkChecks } from './run-sink-checks.ts'
import { sinkChecks } from './sink-checks.ts'

const good = referenceCertification(new URL('../test/support/reference-plugin.ts', import.meta.url))

/** Returns the path of a store that a collector has written a record to. */
async function liveStore(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'live-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  const path = join(directory, 'store')
  await writeFile(path, storeLine({ records: [storedRecord(makeRecord(1, { org: 'acme' }))] }))
  return path
}

test('a fixed place is refused before any check runs, unless `erase` is set', () => {
  const options = { path: '/nowhere' }
  expect(() => sinkChecks(referenceKeySink, { ...good, options })).toThrow(TypeError)
  expect(sinkChecks(referenceKeySink, { ...good, options, erase: true })).not.toEqual([])
})

test('a place with foreign records fails every check and is left unchanged', async () => {
  const path = await liveStore()
  const before = await readFile(path, 'utf8')
  const report = await runSinkChecks(
    sinkChecks(referenceKeySink, { ...good, options: () => ({ path, password: 'hunter-2-hunter' }) }),
  )
  expect(report).toMatchObject({ passed: 0, certified: false })
  expect(await readFile(path, 'utf8')).toBe(before)
})

test('a place that is the same for every check is left unchanged unless it is known to be empty', async () => {
  const path = await liveStore()
  const before = await readFile(path, 'utf8')
  const { readBack: _, ...unread } = { ...good, options: () => ({ path, password: 'hunter-2-hunter' }) }
  const failing = { ...unread, readBack: () => Promise.reject(new Error('nothing to read')) }
  for (const certification of [unread, failing]) {
    const report = await runSinkChecks(sinkChecks(referenceKeySink, certification))
    expect(report).toMatchObject({ passed: 0, certified: false })
    expect(await readFile(path, 'utf8')).toBe(before)
  }
})

test('with `erase`, a place with records is used and cleaned up', async () => {
  const path = await liveStore()
  const checks = sinkChecks(referenceKeySink, { ...good, options: { path }, erase: true })
  await checks.find(({ name }) => name === 'same-batch-twice')?.run()
  await expect(access(dirname(path))).rejects.toMatchObject({ code: 'ENOENT' })
})
