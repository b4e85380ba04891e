import { statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { examplePage } from '../test/support/example-page.ts'
import { openTestJournal } from '../test/support/open-test-journal.ts'
import { temporaryDirectory } from '../test/support/temporary-directory.ts'

test('the size of a journal is the size of its files, including the write-ahead log', async () => {
  const path = join(temporaryDirectory(), 'journal.db')
  const journal = await openTestJournal({ path })
  for (let page = 0; page < 10; page += 1) await journal.commit(examplePage(page))
  const { bytes } = await (await openTestJournal({ path, access: 'reader' })).inspect()
  const [file, wal] = [path, `${path}-wal`].map((name) => statSync(name).size)
  expect(bytes).toMatchObject({ file, wal })
  expect(wal).toBeGreaterThan(100_000)
  // Pages that are only in the write-ahead log also count as used.
  expect(bytes.used + bytes.free).toBeGreaterThan(Number(file))
})
