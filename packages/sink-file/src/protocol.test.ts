import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Sink } from '@cdrstream/plugin'
import { describe, expect, it } from 'vitest'
import { call, context, testOptions } from '../test-support/deliver.ts'
import { faultyFiles } from '../test-support/faulty-files.ts'
import { journalModel, testRecords } from '../test-support/journal-model.ts'
import { MemoryFiles, systemError } from '../test-support/memory-files.ts'
import { readPublished, revisionsOf } from '../test-support/read-published.ts'
import { publishedFiles, realDirectory } from '../test-support/real-directory.ts'
import { createFileSink } from './file-sink.ts'
import type { Files } from './files.ts'
import { fileSink } from './index.ts'
import { nodeFiles } from './node-files.ts'

const journal = journalModel(testRecords(40))
const aborted = { signal: AbortSignal.abort() }

function makeSink(directory: string, files: Files = nodeFiles): Sink {
  return createFileSink({ ...testOptions, directory }, context, files)
}

async function writeState(directory: string, text: string): Promise<void> {
  await mkdir(join(directory, '.work'), { recursive: true })
  await writeFile(join(directory, '.work', 'state.json'), text)
}

describe('the plugin', () => {
  it('declares that the position is stored with the files, and how long a record may wait', () => {
    const { traits } = fileSink
    const options = { ...testOptions, rotateBytes: 64_000, publishAfterMs: 5_000 }
    expect(typeof traits === 'function' && traits(options)).toMatchObject({
      idempotence: 'position',
      revisions: 'all',
      flushAfterMs: 5_000,
      batch: { bytes: 64_000 },
    })
  })

  it('takes a relative directory from the base directory', async () => {
    const baseDirectory = await realDirectory()
    const sink = fileSink.create({ ...testOptions, directory: './records' }, { ...context, baseDirectory })
    await sink.open?.(call)
    await sink.write(journal.batch(journal.position(0), 1), call)
    await sink.flush?.(call)
    expect((await publishedFiles(join(baseDirectory, 'records'))).size).toBe(1)
  })
})

describe('a position', () => {
  it('is null before anything was published', async () => {
    expect(await makeSink(await realDirectory()).open?.(call)).toEqual({ kind: 'opened', position: null })
  })

  it('is taken from the first batch: the engine may begin anywhere', async () => {
    const sink = makeSink(await realDirectory())
    await sink.open?.(call)
    expect(await sink.write(journal.batch(journal.position(7), 3), call)).toMatchObject({
      through: journal.position(7),
    })
    expect(await sink.flush?.(call)).toMatchObject({ through: journal.position(10) })
    expect(await sink.open?.(call)).toEqual({ kind: 'opened', position: journal.position(10) })
  })

  it('moves with a batch that has no records', async () => {
    const sink = makeSink(await realDirectory())
    await sink.open?.(call)
    const batch = { ...journal.batch(journal.position(0), 3), records: [] }
    expect(await sink.write(batch, call)).toEqual({ kind: 'accepted', through: journal.position(0) })
    expect(await sink.flush?.(call)).toEqual({ kind: 'accepted', through: journal.position(3) })
    expect(await sink.flush?.(call)).toEqual({ kind: 'accepted' })
  })

  it.each([
    ['before', journal.position(0)],
    ['behind', journal.position(11)],
    ['of another commit', { ...journal.position(10), commit: 'other' }],
  ])('is refused when it is %s what is written', async (_, from) => {
    const directory = await realDirectory()
    const sink = makeSink(directory)
    await sink.open?.(call)
    await sink.write(journal.batch(journal.position(0), 10), call)
    const outcome = await sink.write({ ...journal.batch(from, 5), from }, call)
    expect(outcome).toMatchObject({ kind: 'failed', code: 'unexpected-position' })
    expect(await sink.open?.(call)).toEqual({ kind: 'opened', position: null })
  })

  it('of another journal begins anew, and the file names tell them apart', async () => {
    const directory = await realDirectory()
    const other = journalModel(testRecords(20), 'ffffffff-replaced')
    const sink = makeSink(directory)
    await sink.open?.(call)
    await sink.write(journal.batch(journal.position(0), 10), call)
    await sink.flush?.(call)
    await sink.write(journal.batch(journal.position(10), 10), call)
    expect(await sink.write(other.batch(other.position(0), 10), call)).toEqual({
      kind: 'accepted',
      through: other.position(0),
    })
    await sink.flush?.(call)
    expect(await sink.open?.(call)).toEqual({ kind: 'opened', position: other.position(10) })
    expect([...(await publishedFiles(directory)).keys()].map((path) => path.split('/').at(-1))).toEqual([
      '0f9d3a52-000000000000-000000000010.ndjson',
      '0f9d3a52-000000000010-000000000020.ndjson',
      'ffffffff-000000000000-000000000010.ndjson',
    ])
  })
})

describe('after trouble', () => {
  it('the sink has to be opened, and is back at its last published position', async () => {
    const directory = await realDirectory()
    const sink = makeSink(directory)
    await sink.open?.(call)
    await sink.write(journal.batch(journal.position(0), 10), call)
    await sink.flush?.(call)
    await sink.write(journal.batch(journal.position(10), 10), call)
    expect(await sink.write(journal.batch(journal.position(20), 10), aborted)).toMatchObject({
      kind: 'retry',
    })
    expect(await sink.write(journal.batch(journal.position(20), 10), call)).toMatchObject({
      code: 'not-open',
    })
    expect(await sink.flush?.(call)).toMatchObject({ code: 'not-open' })

    expect(await sink.open?.(call)).toEqual({ kind: 'opened', position: journal.position(10) })
    await sink.write(journal.batch(journal.position(10), 30), call)
    await sink.flush?.(call)
    const lines = readPublished(await publishedFiles(directory))
    expect(revisionsOf(lines.map(({ mark }) => mark))).toEqual(revisionsOf(journal.records))
  })

  it('a call that hangs in the operating system cannot disturb the next', async () => {
    const disk = new MemoryFiles()
    const gate = Promise.withResolvers<void>()
    let hang = true
    const files: Files = Object.assign(Object.create(disk), {
      append: async (...args: Parameters<Files['append']>) => {
        if (hang) await gate.promise
        return disk.append(...args)
      },
    })
    const sink = createFileSink(testOptions, context, bindAll(files, disk))
    await sink.open?.(call)
    const abort = new AbortController()
    const hanging = sink.write(journal.batch(journal.position(0), 10), { signal: abort.signal })
    abort.abort()
    hang = false
    const opened = sink.open?.(call)
    gate.resolve()
    expect(await opened).toEqual({ kind: 'opened', position: null })
    await hanging
    await sink.write(journal.batch(journal.position(0), 10), call)
    await sink.flush?.(call)
    expect(readPublished(disk.published('/base/records'))).toHaveLength(10)
  })

  it.each([
    ['ENOSPC', { kind: 'retry', afterMs: 5_000 }],
    ['EDQUOT', { kind: 'retry', afterMs: 5_000 }],
    ['EIO', { kind: 'retry' }],
    ['EMFILE', { kind: 'retry' }],
    ['EACCES', { kind: 'failed', code: 'permission-denied' }],
    ['EPERM', { kind: 'failed', code: 'permission-denied' }],
    ['EROFS', { kind: 'failed', code: 'read-only' }],
    ['ENOTDIR', { kind: 'failed', code: 'not-a-directory' }],
  ])('%s is an outcome, at whatever call', async (code, expected) => {
    for (let at = 0; ; at += 1) {
      const disk = new MemoryFiles()
      const fault = { at, moment: 'half', crash: false, error: systemError(code) } as const
      const faulty = faultyFiles(disk, fault)
      const sink = createFileSink(testOptions, context, faulty.files)
      const outcomes = [
        await sink.open?.(call),
        await sink.write(journal.batch(journal.position(0), 10), call),
        await sink.flush?.(call),
      ]
      if (faulty.calls() <= at) break
      expect(
        outcomes.find((outcome) => outcome?.kind === 'retry' || outcome?.kind === 'failed'),
      ).toMatchObject(expected)
      const opened = await sink.open?.(call)
      const from = (opened?.kind === 'opened' && opened.position) || journal.position(0)
      await sink.write(journal.batch(from, journal.records.length), call)
      expect(await sink.flush?.(call)).toMatchObject({ kind: 'accepted' })
      const lines = readPublished(disk.published('/base/records'))
      expect(revisionsOf(lines.map(({ mark }) => mark))).toEqual(revisionsOf(journal.records))
    }
  })

  it('what fails while more is being written is not forgotten', async () => {
    const text = JSON.stringify({ a: 'x'.repeat(5_000_000) })
    const large = journalModel(testRecords(3, () => ({ text })))
    const disk = new MemoryFiles()
    let syncs = 0
    const sync = async (path: string) => {
      if (path.endsWith('.ndjson') && syncs++ === 0) throw systemError('EIO')
      await disk.sync(path)
    }
    const sink = createFileSink({ ...testOptions, rotateBytes: 1e9 }, context, {
      ...bindAll(disk, disk),
      sync,
    })
    await sink.open?.(call)
    expect(await sink.write(large.batch(large.position(0), 1), call)).toMatchObject({ kind: 'accepted' })
    expect(await sink.write(large.batch(large.position(1), 1), call)).toMatchObject({ kind: 'retry' })
    expect(await sink.open?.(call)).toEqual({ kind: 'opened', position: null })
    for (let offset = 0; offset < 3; offset += 1)
      await sink.write(large.batch(large.position(offset), 1), call)
    expect(await sink.flush?.(call)).toMatchObject({ kind: 'accepted' })
    expect(readPublished(disk.published('/base/records'))).toHaveLength(3)
  })
})

describe('the state', () => {
  const position = '{"incarnation":"a","offset":1,"commit":"c"}'
  it.each([
    ['damaged', '', 'state-damaged'],
    ['damaged', '{"version":1,"position":nul', 'state-damaged'],
    ['damaged', `{"version":1,"position":${position.replace('1', '-1')},"files":[]}`, 'state-damaged'],
    ['damaged', `{"position":${position},"files":[]}`, 'state-damaged'],
    ['damaged', `{"version":1,"position":${position}}`, 'state-damaged'],
    [
      'damaged',
      `{"version":1,"position":${position},"files":[{"temporary":"../x","final":"a/b/c"}]}`,
      'state-damaged',
    ],
    [
      'damaged',
      `{"version":1,"position":${position},"files":[{"temporary":"x","final":"a/../../c"}]}`,
      'state-damaged',
    ],
    ['newer', '{"version":2,"spans":[]}', 'state-newer'],
  ])('that is %s fails and is left as it is', async (_, text, code) => {
    const directory = await realDirectory()
    await writeState(directory, text)
    const sink = makeSink(directory)
    expect(await sink.open?.(call)).toMatchObject({ kind: 'failed', code, remedy: expect.any(String) })
    expect(await readFile(join(directory, '.work', 'state.json'), 'utf8')).toBe(text)
    expect(await sink.check?.(call)).toContainEqual({ level: 'error', code, message: expect.any(String) })
  })

  it('tells that another process publishes here, and nothing is published twice', async () => {
    const directory = await realDirectory()
    const [one, other] = [makeSink(directory), makeSink(directory)]
    await one.open?.(call)
    await one.write(journal.batch(journal.position(0), 10), call)
    await one.flush?.(call)
    await other.open?.(call)
    await one.write(journal.batch(journal.position(10), 10), call)
    await other.write(journal.batch(journal.position(10), 30), call)
    expect(await one.flush?.(call)).toMatchObject({ kind: 'accepted' })
    expect(await other.flush?.(call)).toMatchObject({ kind: 'failed', code: 'directory-in-use' })
    expect(await other.open?.(call)).toEqual({ kind: 'opened', position: journal.position(20) })
    expect(readPublished(await publishedFiles(directory))).toHaveLength(20)
  })

  it('that someone removed is not written over', async () => {
    const directory = await realDirectory()
    const sink = makeSink(directory)
    await sink.open?.(call)
    await sink.write(journal.batch(journal.position(0), 10), call)
    await rm(join(directory, '.work'), { recursive: true })
    expect(await sink.flush?.(call)).toMatchObject({ kind: 'retry' })
    expect(await sink.open?.(call)).toEqual({ kind: 'opened', position: null })
  })
})

describe('check', () => {
  it('finds a directory that is not there yet in order, and makes nothing', async () => {
    const directory = join(await realDirectory(), 'later', 'records')
    const findings = await makeSink(directory).check?.(call)
    expect(findings?.map(({ level, code }) => `${level} ${code}`)).toEqual([
      'ok directory-writable',
      'ok state-readable',
      'ok disk-space',
    ])
    expect(await nodeFiles.look(join(directory, '..'))).toBeUndefined()
  })

  it('finds what is wrong', async () => {
    const disk = new MemoryFiles()
    const files = bindAll(disk, disk)
    const wrong = { ...files, mayWrite: async () => false, freeBytes: async () => 1_000 }
    const findings = await createFileSink(testOptions, context, wrong).check?.(call)
    expect(findings?.map(({ level, code }) => `${level} ${code}`)).toEqual([
      'error permission-denied',
      'ok state-readable',
      'warning disk-space',
    ])
  })

  it('finds a file where the directory should be', async () => {
    const path = join(await realDirectory(), 'file')
    await writeFile(path, '')
    expect(await makeSink(path).check?.(call)).toContainEqual(expect.objectContaining({ level: 'error' }))
    expect(await makeSink(path).open?.(call)).toMatchObject({ kind: 'failed', code: 'not-a-directory' })
  })
})

/** The methods of a file system as a plain object. */
function bindAll(files: Files, disk: MemoryFiles): Files {
  return { ...faultyFiles(disk, undefined).files, append: files.append.bind(files) }
}
