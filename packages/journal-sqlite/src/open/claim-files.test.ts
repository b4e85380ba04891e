import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { examplePage } from '../../test/support/example-page.ts'
import { openTestJournal } from '../../test/support/open-test-journal.ts'
import { temporaryDirectory } from '../../test/support/temporary-directory.ts'
import { findHolder } from './journal-lock.ts'
import { openJournal } from './open-journal.ts'

const accesses = ['collector', 'command', 'reader'] as const
const untrusted = expect.objectContaining({ code: 'untrusted' })
const mode = (path: string) => statSync(path).mode & 0o777

afterEach(() => {
  vi.restoreAllMocks()
})

/** Returns the path of a closed journal that has one page. */
async function filledPath(): Promise<string> {
  const path = join(temporaryDirectory(), 'journal.db')
  const journal = await openTestJournal({ path })
  await journal.commit(examplePage(1))
  await journal.close()
  return path
}

/** Makes this process appear to run as a user who does not own the files. */
function actAsAnotherUser(): void {
  const uid = process.geteuid?.() ?? 0
  vi.spyOn(process, 'geteuid').mockReturnValue(uid + 1)
}

describe('a file that another user may have written', () => {
  test.each(accesses)('is refused to a %s and left unchanged', async (access) => {
    const path = await filledPath()
    const before = readFileSync(path)
    actAsAnotherUser()
    await expect(openJournal({ path, access })).rejects.toThrow(untrusted)
    expect(readFileSync(path).equals(before)).toBe(true)
  })

  test.each(['', '-wal', '-shm', '-journal', '.lock', '.lock-journal'])(
    'is refused if it existed before the journal, as journal.db%s',
    async (end) => {
      const path = join(temporaryDirectory(), 'journal.db')
      writeFileSync(path + end, '')
      chmodSync(path + end, 0o666)
      await expect(openJournal({ path, access: 'collector' })).rejects.toThrow(untrusted)
      expect(statSync(path + end).size).toBe(0)
    },
  )

  test('is refused if it is the lock, even when only the holder is looked up', async () => {
    const path = await filledPath()
    actAsAnotherUser()
    expect(() => findHolder(path)).toThrow(untrusted)
  })
})

describe('a link', () => {
  test('to a missing file is refused, and its target is not created', async () => {
    const directory = temporaryDirectory()
    const path = join(directory, 'journal.db')
    symlinkSync(join(directory, 'elsewhere.db'), path)
    await expect(openJournal({ path, access: 'collector' })).rejects.toThrow(untrusted)
    expect(lstatSync(join(directory, 'elsewhere.db'), { throwIfNoEntry: false })).toBeUndefined()
  })

  test('to a journal is followed', async () => {
    const target = await filledPath()
    const path = join(temporaryDirectory(), 'journal.db')
    symlinkSync(target, path)
    const journal = await openTestJournal({ path })
    expect((await journal.end()).offset).toBeGreaterThan(0)
  })

  test.each(['-wal', '.lock'])('instead of journal.db%s is refused', async (end) => {
    const path = await filledPath()
    const other = join(temporaryDirectory(), 'other')
    writeFileSync(other, '', { mode: 0o600 })
    rmSync(path + end, { force: true })
    symlinkSync(other, path + end)
    await expect(openJournal({ path, access: 'command' })).rejects.toThrow(untrusted)
  })
})

describe('a journal that others can read', () => {
  test.each(['collector', 'command'] as const)(
    'is made private by a %s, which reports it',
    async (access) => {
      const path = await filledPath()
      chmodSync(path, 0o644)
      const tightened: (readonly [string, string])[] = []
      const onTightened = (file: string, before: string) => tightened.push([file, before])
      const journal = await openTestJournal({ path, access, onTightened })
      expect([path, `${path}-wal`, `${path}-shm`].map(mode)).toEqual([0o600, 0o600, 0o600])
      expect(tightened).toEqual([[path, '0644']])
      await journal.close()
    },
  )

  test('is left unchanged by a reader', async () => {
    const path = await filledPath()
    chmodSync(path, 0o640)
    await openTestJournal({ path, access: 'reader' })
    expect(mode(path)).toBe(0o640)
  })
})

test('a directory in which any user can replace files is refused, unless it has the sticky bit', async () => {
  const directory = join(temporaryDirectory(), 'data')
  mkdirSync(directory)
  const path = join(directory, 'journal.db')
  chmodSync(directory, 0o777)
  await expect(openJournal({ path, access: 'collector' })).rejects.toThrow(untrusted)
  chmodSync(directory, 0o1777)
  await openTestJournal({ path })
})
