import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { temporaryDirectory } from '../../test/support/temporary-directory.ts'
import { openDatabase } from './open-database.ts'

/** SQLite's number for FULL. With a lower setting, a power failure can lose a commit. */
const full = 2

it('a commit waits until it is on disk, for both collectors and commands', () => {
  const path = join(temporaryDirectory(), 'journal.db')
  for (const access of ['collector', 'command'] as const) {
    const database = openDatabase(path, access)
    onTestFinished(() => database.close())
    expect(database.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: full })
    expect(database.prepare('PRAGMA fullfsync').get()).toEqual({ fullfsync: 1 })
  }
})
