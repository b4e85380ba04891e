import { mkdir, readdir, readFile, rename, stat, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { gunzipSync, zstdDecompressSync } from 'node:zlib'
import type { SinkSession } from '@cdrstream/plugin'
import { describe, expect, it } from 'vitest'
import { call, context, expectOpened, openCall, openSession, testOptions } from '../test/support/deliver.ts'
import { journalModel, testRecord, testRecords } from '../test/support/journal-model.ts'
import { readPublished, revisionsOf } from '../test/support/read-published.ts'
import { publishedFiles, realDirectory } from '../test/support/real-directory.ts'
import { createFileSink } from './file-sink.ts'
import type { FileSinkOptions } from './file-sink-options.ts'
import { nodeFiles } from './node-files.ts'

const journal = journalModel(testRecords(100))

async function openIn(directory: string, options: Partial<FileSinkOptions> = {}): Promise<SinkSession> {
  return openSession(createFileSink({ ...testOptions, directory, ...options }, context, nodeFiles))
}

describe('published files', () => {
  it('are named after their org, home and span, and appear on flush', async () => {
    const directory = join(await realDirectory(), 'made', 'here')
    const records = testRecords(6, (number) => ({
      org: number < 3 ? 'acme' : 'other',
      home: number === 1 ? '2026-11-23' : '2026-11-24',
    }))
    const model = journalModel(records)
    const session = await openIn(directory)
    expect(await session.write(model.batch(model.position(0), 4), call)).toEqual({
      kind: 'accepted',
      through: model.position(0),
    })
    expect(await session.write(model.batch(model.position(4), 2), call)).toEqual({
      kind: 'accepted',
      through: model.position(0),
    })
    expect(await publishedFiles(directory)).toEqual(new Map())

    expect(await session.flush?.(call)).toEqual({ kind: 'accepted', through: model.position(6) })
    const files = await publishedFiles(directory)
    expect([...files.keys()]).toEqual([
      'acme/2026-11-23/0f9d3a52-000000000000-000000000006.ndjson',
      'acme/2026-11-24/0f9d3a52-000000000000-000000000006.ndjson',
      'other/2026-11-24/0f9d3a52-000000000000-000000000006.ndjson',
    ])
    expect(
      [...files.values()].map((bytes) =>
        bytes
          .toString()
          .match(/key-\d/g)
          ?.filter((_, n) => n % 2),
      ),
    ).toEqual([['key-1'], ['key-0', 'key-2'], ['key-3', 'key-4', 'key-5']])
  })

  it('can be read only by their owner', async () => {
    const directory = join(await realDirectory(), 'records')
    const session = await openIn(directory)
    await session.write(journal.batch(journal.position(0), 3), call)
    await session.flush?.(call)
    const paths = [
      directory,
      ...(await readdir(directory, { recursive: true })).map((path) => join(directory, path)),
    ]
    const modes = await Promise.all(
      paths.map(async (path) => {
        const stats = await stat(path)
        return stats.isDirectory()
          ? `d${(stats.mode & 0o777).toString(8)}`
          : `f${(stats.mode & 0o777).toString(8)}`
      }),
    )
    expect(new Set(modes)).toEqual(new Set(['d700', 'f600']))
  })

  it('are completed without a flush when one file reaches its size limit', async () => {
    const directory = await realDirectory()
    const session = await openIn(directory, { rotateBytes: 1_500 })
    const offsets: unknown[] = []
    for (let offset = 0; offset < 12; offset += 3) {
      const outcome = await session.write(journal.batch(journal.position(offset), 3), call)
      offsets.push(outcome.kind === 'accepted' && outcome.through?.offset)
    }
    // A line has about 200 bytes.
    expect(offsets).toEqual([0, 0, 9, 9])
    expect([...(await publishedFiles(directory)).keys()]).toEqual([
      'acme/2026-11-24/0f9d3a52-000000000000-000000000009.ndjson',
    ])
  })

  it('are completed when their total size reaches eight times that limit', async () => {
    const directory = await realDirectory()
    const model = journalModel(testRecords(100, (number) => ({ org: `org-${number}` })))
    const session = await openIn(directory, { rotateBytes: 2_000 })
    await session.write(model.batch(model.position(0), 50), call)
    expect((await publishedFiles(directory)).size).toBe(0)
    await session.write(model.batch(model.position(50), 50), call)
    expect((await publishedFiles(directory)).size).toBe(100)
  })

  it('contain each record unchanged', async () => {
    const directory = await realDirectory()
    const texts = ['{"a":"é📞\\ud800"}', '{"b":1}']
    const model = journalModel(texts.map((text, number) => testRecord(number, { text })))
    const session = await openIn(directory)
    await session.write(model.batch(model.position(0), texts.length), call)
    await session.flush?.(call)
    const [bytes] = (await publishedFiles(directory)).values()
    expect(
      bytes
        ?.toString()
        .split(',"@cdrstream"')
        .map((part) => part.split('\n').at(-1)),
    ).toEqual(['{"a":"é📞\\ud800"', '{"b":1', ''])
  })

  it('contain no line for a record that is not a JSON object', async () => {
    const texts = ['{}', 'null', '["x"]', '{"b":1}', '', '{', '"{}"']
    const model = journalModel(texts.map((text, number) => testRecord(number, { text })))
    const session = await openIn(await realDirectory())
    const outcome = await session.write(model.batch(model.position(0), texts.length), call)
    const refused = outcome.kind === 'refused' && outcome.refused.map(({ index }) => index)
    expect(refused).toEqual([1, 2, 4, 5, 6])
  })

  it.each(['../up', '/etc/passwd', '..', '.work', 'a\0b', 'x'.repeat(300), ''])(
    'stay inside the directory for the org %j',
    async (org) => {
      const parent = await realDirectory()
      const directory = join(parent, 'records')
      const model = journalModel([testRecord(0, { org, home: `../${org}` })])
      const session = await openIn(directory)
      await session.write(model.batch(model.position(0), 1), call)
      expect(await session.flush?.(call)).toMatchObject({ kind: 'accepted' })
      expect(await readdir(parent)).toEqual(['records'])
      const files = await publishedFiles(directory)
      expect([...files.keys()].map((path) => path.split('/').length)).toEqual([3])
      expect(readPublished(files).map(({ mark }) => mark.org)).toEqual([org])
    },
  )
})

describe('compression', () => {
  it.each([
    ['zstd', '.zst', zstdDecompressSync],
    ['gzip', '.gz', gunzipSync],
  ] as const)(
    'with %s preserves the lines, and the same span results in the same bytes',
    async (compress, suffix, decompress) => {
      const plain = await realDirectory()
      const model = journalModel(
        testRecords(5_000, (number) => ({ text: `{"a":"${'text '.repeat(60)}${number * 7919}"}` })),
      )
      const contents: Buffer[] = []
      for (const [directory, options, batchRecords] of [
        [plain, {}, 5_000],
        [await realDirectory(), { compress }, 5_000],
        [await realDirectory(), { compress }, 700],
      ] as const) {
        const session = await openIn(directory, { ...options, rotateBytes: 100_000_000 })
        for (let from = model.position(0); from.offset < 5_000; ) {
          const batch = model.batch(from, batchRecords)
          await session.write(batch, call)
          from = batch.to
        }
        await session.flush?.(call)
        const files = await publishedFiles(directory)
        const ending = directory === plain ? '.ndjson' : `.ndjson${suffix}`
        expect([...files.keys()]).toEqual([`acme/2026-11-24/0f9d3a52-000000000000-000000005000${ending}`])
        contents.push(...files.values())
        expect(await readdir(join(directory, '.work'))).toEqual(['state.json'])
      }
      const [lines, once, again] = contents
      expect(once !== undefined && lines !== undefined && decompress(once).equals(lines)).toBe(true)
      expect(again !== undefined && once?.equals(again)).toBe(true)
    },
  )
})

describe('a process that stops without a flush', () => {
  it('is followed by a process that continues after the published records', async () => {
    const directory = await realDirectory()
    const first = await openIn(directory)
    await first.write(journal.batch(journal.position(0), 10), call)
    await first.flush?.(call)
    await first.write(journal.batch(journal.position(10), 10), call)

    const sink = createFileSink({ ...testOptions, directory }, context, nodeFiles)
    const { session: second, position } = expectOpened(await sink.open(openCall(journal.position(10))))
    expect(position).toEqual(journal.position(10))
    await second.write(journal.batch(journal.position(10), 25), call)
    await second.flush?.(call)
    const lines = readPublished(await publishedFiles(directory))
    expect(revisionsOf(lines.map(({ mark }) => mark))).toEqual(revisionsOf(journal.records.slice(0, 35)))
  })

  it('makes progress even if it ends after every batch', async () => {
    const directory = await realDirectory()
    const reached: number[] = []
    for (let run = 0; run < 5; run += 1) {
      const sink = createFileSink({ ...testOptions, directory }, context, nodeFiles)
      const { session, position } = expectOpened(await sink.open(openCall()))
      const from = position ?? journal.position(0)
      reached.push(from.offset)
      await session.write(journal.batch(from, 5), call)
    }
    expect(reached).toEqual([0, 0, 5, 5, 10])
  })
})

describe('a file in the directory', () => {
  it('is not touched if it does not belong to the sink', async () => {
    const directory = await realDirectory()
    await mkdir(join(directory, '.work'))
    await writeFile(join(directory, '.work', 'notes.txt'), 'mine')
    await writeFile(join(directory, 'README'), 'mine')
    const session = await openIn(directory)
    await session.write(journal.batch(journal.position(0), 5), call)
    await session.flush?.(call)
    expect(await readFile(join(directory, '.work', 'notes.txt'), 'utf8')).toBe('mine')
    expect(await readFile(join(directory, 'README'), 'utf8')).toBe('mine')
  })

  it.each(['acme', 'acme/2026-11-24', '.work'])('is not written through a link at %s', async (link) => {
    const directory = await realDirectory()
    const elsewhere = await realDirectory()
    if (link.includes('/')) await mkdir(join(directory, 'acme'))
    await symlink(elsewhere, join(directory, link))
    const sink = createFileSink({ ...testOptions, directory }, context, nodeFiles)
    const opened = await sink.open(openCall())
    if (opened.kind === 'opened') await opened.session.write(journal.batch(journal.position(0), 5), call)
    const outcome = opened.kind === 'opened' ? await opened.session.flush?.(call) : opened
    expect(outcome).toMatchObject({ kind: 'failed', code: 'not-a-directory' })
    expect(await readdir(elsewhere)).toEqual([])
  })

  it.each([
    ['of a different size', (content: Buffer) => content.subarray(1)],
    ['of the same size', (content: Buffer) => Buffer.concat([content.subarray(0, -2), Buffer.from('?\n')])],
  ])(
    'with different content %s is never overwritten, and publishing continues once it is moved to another directory',
    async (_, change) => {
      const content = await publishedOnce()
      const directory = await realDirectory()
      const sink = createFileSink({ ...testOptions, directory }, context, nodeFiles)
      const session = await openSession(sink)
      await session.write(journal.batch(journal.position(0), 5), call)
      const taken = join(directory, name)
      await mkdir(dirname(taken), { recursive: true })
      await writeFile(taken, change(content))
      expect(await session.flush?.(call)).toMatchObject({ kind: 'failed', code: 'name-taken' })
      expect(await sink.open(openCall())).toMatchObject({ kind: 'failed', code: 'name-taken' })
      expect(await readFile(taken)).toEqual(change(content))
      await rename(taken, join(directory, 'moved'))
      expect(expectOpened(await sink.open(openCall())).position).toEqual(journal.position(5))
      expect(await readFile(taken)).toEqual(content)
    },
  )

  it('with the same name and content counts as published', async () => {
    const content = await publishedOnce()
    const directory = await realDirectory()
    const session = await openIn(directory)
    await session.write(journal.batch(journal.position(0), 5), call)
    await mkdir(dirname(join(directory, name)), { recursive: true })
    await writeFile(join(directory, name), content)
    expect(await session.flush?.(call)).toMatchObject({ kind: 'accepted' })
    expect(await publishedFiles(directory)).toEqual(new Map([[name, content]]))
  })

  const name = 'acme/2026-11-24/0f9d3a52-000000000000-000000000005.ndjson'
  async function publishedOnce(): Promise<Buffer> {
    const directory = await realDirectory()
    const session = await openIn(directory)
    await session.write(journal.batch(journal.position(0), 5), call)
    await session.flush?.(call)
    return readFile(join(directory, name))
  }
})
