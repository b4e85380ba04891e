import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { call, context, openCall, openSession, testOptions } from '../test/support/deliver.ts'
import { journalModel, testRecords } from '../test/support/journal-model.ts'
import { boundFiles, MemoryFiles } from '../test/support/memory-files.ts'
import { realDirectory } from '../test/support/real-directory.ts'
import { createFileSink } from './file-sink.ts'
import type { Files } from './files.ts'
import { nodeFiles } from './node-files.ts'

async function check(directory: string, files: Files = nodeFiles): Promise<readonly string[]> {
  const findings = await createFileSink({ ...testOptions, directory }, context, files).check?.(call)
  return (findings ?? []).map(({ level, code }) => `${level} ${code}`)
}

describe('check', () => {
  it('accepts a directory that does not exist yet, and creates nothing', async () => {
    const directory = join(await realDirectory(), 'later', 'records')
    expect(await check(directory)).toEqual(['ok directory-writable', 'ok state-readable', 'ok disk-space'])
    expect(await nodeFiles.look(join(directory, '..'))).toBeUndefined()
  })

  it('reports missing permissions and low disk space', async () => {
    const wrong = {
      ...boundFiles(new MemoryFiles()),
      mayWrite: async () => false,
      freeBytes: async () => 1_000,
    }
    expect(await check('/base/records', wrong)).toEqual([
      'error permission-denied',
      'ok state-readable',
      'warning disk-space',
    ])
  })

  it('reports a file in place of the directory', async () => {
    const path = join(await realDirectory(), 'file')
    await writeFile(path, '')
    expect(await check(path)).toContainEqual(expect.stringMatching(/^error/))
    const sink = createFileSink({ ...testOptions, directory: path }, context, nodeFiles)
    expect(await sink.open(openCall())).toMatchObject({ kind: 'failed', code: 'not-a-directory' })
  })

  it('reports that the state is missing if files were published', async () => {
    const directory = await realDirectory()
    const journal = journalModel(testRecords(4))
    const session = await openSession(createFileSink({ ...testOptions, directory }, context, nodeFiles))
    await session.write(journal.batch(journal.position(0), 4), call)
    await session.flush?.(call)
    expect(await check(directory)).toContain('ok state-readable')
    await rm(join(directory, '.work'), { recursive: true })
    expect(await check(directory)).toContain('warning state-missing')
  })
})
