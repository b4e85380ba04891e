import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { JournalFullError } from '@cdrstream/engine'
import { expect, onTestFinished, test } from 'vitest'
import { examplePage, exampleProgress } from './testing/example-page.ts'
import { openTestJournal, readTexts } from './testing/open-test-journal.ts'
import { temporaryDirectory } from './testing/temporary-directory.ts'

/** A disk of so many bytes, or undefined where this user may not mount one. */
function smallDisk(bytes: number): string | undefined {
  const directory = join(temporaryDirectory(), 'disk')
  mkdirSync(directory)
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', directory], { stdio: 'ignore' })
  } catch {
    return undefined
  }
  onTestFinished(() => {
    execFileSync('umount', ['--lazy', directory])
  })
  return directory
}

test('on a disk that is full nothing is torn, and it goes on when there is room', async ({ skip }) => {
  const directory = smallDisk(8_000_000)
  // The same policy is tested everywhere by a limit of pages.
  if (directory === undefined) return skip('mounting a small disk needs root')
  const ballast = join(directory, 'ballast')
  writeFileSync(ballast, Buffer.alloc(3_000_000))
  const path = join(directory, 'journal.db')
  const journal = await openTestJournal({ path, minFreeDiskBytes: 100_000 })
  const page = (number: number) => examplePage(number, { count: 1_000 })
  let pages = 0
  let failure: unknown
  while (failure === undefined) {
    await journal.commit(page(pages + 1)).then(
      () => {
        pages += 1
      },
      (error: unknown) => {
        failure = error
      },
    )
  }
  expect(failure).toBeInstanceOf(JournalFullError)
  expect(await journal.roomBytes()).toBeLessThanOrEqual(0)
  expect(await readTexts(journal)).toHaveLength(pages * 1_000)
  expect(await journal.progress('acme')).toEqual(exampleProgress(pages))

  rmSync(ballast)
  expect(await journal.roomBytes()).toBeGreaterThan(0)
  await journal.commit(page(pages + 1))
  await journal.close()
  const again = await openTestJournal({ path })
  expect(await readTexts(again)).toHaveLength((pages + 1) * 1_000)
})
