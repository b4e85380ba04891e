import { join } from 'node:path'
import { wholeMs } from '@cdrstream/core'
import { expect, test } from 'vitest'
import { examplePage, exampleRecord } from '../test/support/example-page.ts'
import { openTestJournal } from '../test/support/open-test-journal.ts'
import { temporaryDirectory } from '../test/support/temporary-directory.ts'

const dayMs = 86_400_000

test('changed limits apply to an open journal', async () => {
  const path = join(temporaryDirectory(), 'journal.db')
  const limits = { keepMs: 31 * dayMs, maxBytes: 1e9, minFreeDiskBytes: 0 }
  const journal = await openTestJournal({ path, ...limits })
  const records = [exampleRecord('old')]
  await journal.commit(examplePage(1, { records }))
  const nowMs = wholeMs((records[0]?.acceptedAtMs ?? 0) + 2 * dayMs)
  const roomBytes = await journal.roomBytes()

  expect(await journal.prune(nowMs, [])).toMatchObject({ records: 0 })
  journal.setLimits({ keepMs: dayMs, maxBytes: 1e9, minFreeDiskBytes: roomBytes * 2 })
  expect(await journal.roomBytes()).toBeLessThan(0)
  expect(await journal.prune(nowMs, [])).toMatchObject({ records: 1 })
})
