import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { call, context, expectOpened, openCall, openSession, testOptions } from '../test/support/deliver.ts'
import { journalModel, testRecords } from '../test/support/journal-model.ts'
import { readPublished } from '../test/support/read-published.ts'
import { publishedFiles, realDirectory } from '../test/support/real-directory.ts'
import { createFileSink } from './file-sink.ts'
import { nodeFiles } from './node-files.ts'

const journal = journalModel(testRecords(40))
const makeSink = (directory: string) => createFileSink({ ...testOptions, directory }, context, nodeFiles)

async function writeState(directory: string, text: string): Promise<void> {
  await mkdir(join(directory, '.work'), { recursive: true })
  await writeFile(join(directory, '.work', 'state.json'), text)
}

describe('the state', () => {
  const position = '{"incarnation":"a","offset":1,"commit":"c"}'
  it.each([
    ['damaged', '', 'state-damaged'],
    ['damaged', '{"version":1,"position":nul', 'state-damaged'],
    ['damaged', `{"version":1,"position":${position.replace('1', '-1')},"files":[]}`, 'state-damaged'],
    ['damaged', `{"position":${position},"files":[]}`, 'state-damaged'],
    ['damaged', `{"version":1,"position":${position}}`, 'state-damaged'],
    ['damaged', `{"version":2,"position":${position},"files":[]}`, 'state-damaged'],
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
    ['newer', '{"version":3,"spans":[]}', 'state-newer'],
  ])('that is %s makes the sink fail and stays unchanged: %s', async (_, text, code) => {
    const directory = await realDirectory()
    await writeState(directory, text)
    const sink = makeSink(directory)
    expect(await sink.open(openCall())).toMatchObject({ kind: 'failed', code, remedy: expect.any(String) })
    expect(await readFile(join(directory, '.work', 'state.json'), 'utf8')).toBe(text)
    expect(await sink.check?.(call)).toContainEqual({ level: 'error', code, message: expect.any(String) })
  })

  it('of version 1 can still be read', async () => {
    const directory = await realDirectory()
    await writeState(directory, `{"version":1,"position":${JSON.stringify(journal.position(8))},"files":[]}`)
    const { position } = expectOpened(await makeSink(directory).open(openCall()))
    expect(position).toEqual(journal.position(8))
  })

  it('shows that another process uses the directory, so that nothing is published twice', async () => {
    const directory = await realDirectory()
    const [one, other] = [makeSink(directory), makeSink(directory)]
    const first = await openSession(one)
    await first.write(journal.batch(journal.position(0), 10), call)
    await first.flush?.(call)
    const second = await openSession(other)
    await first.write(journal.batch(journal.position(10), 10), call)
    await second.write(journal.batch(journal.position(10), 30), call)
    expect(await first.flush?.(call)).toMatchObject({ kind: 'accepted' })
    expect(await second.flush?.(call)).toMatchObject({ kind: 'failed', code: 'directory-in-use' })
    expect(expectOpened(await other.open(openCall())).position).toEqual(journal.position(20))
    expect(readPublished(await publishedFiles(directory))).toHaveLength(20)
  })
})
