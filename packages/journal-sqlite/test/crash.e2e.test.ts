import { once } from 'node:events'
import { join } from 'node:path'
import type { AcceptedRecord } from '@cdrstream/core'
import { expect, test } from 'vitest'
import { openJournal } from '../src/open/open-journal.ts'
import { crashPage } from './support/crash-page.ts'
import { exampleProgress, textOf } from './support/example-page.ts'
import { runProcess } from './support/run-process.ts'
import { temporaryDirectory } from './support/temporary-directory.ts'

const kills = 20

test('a process that is killed during a commit loses no confirmed commit and leaves no partial commit', async () => {
  const path = join(temporaryDirectory(), 'journal.db')
  const records: (readonly AcceptedRecord[])[] = []
  for (let kill = 0; kill < kills; kill += 1) {
    const { lines, kill: killNow } = runProcess('commit-until-killed.ts', path)
    const before = records.length
    let acknowledged = before
    lines.on('line', (line) => {
      acknowledged = Number(line)
    })
    const killAt = before + 1 + (kill % 7)
    while (acknowledged < killAt) await once(lines, 'line')
    await killNow()

    // The lock was released when the process was killed.
    const journal = await openJournal({ path, access: 'collector' })
    const progress = await journal.progress('acme')
    const pages = progress?.auditedToSec ?? 0
    // The last commit may have been durable before the process could report it.
    expect(pages === acknowledged || pages === acknowledged + 1).toBe(true)
    expect(progress).toEqual(exampleProgress(pages))
    expect((await journal.budget('token')).limitedInARow).toBe(pages)

    for (let number = before + 1; number <= pages; number += 1) records.push(crashPage(number).records)
    const sizes = records.map(({ length }) => length)
    const firstNew = sizes.slice(0, before).reduce((sum, size) => sum + size, 0)
    const isNew = (offset: number) => offset > firstNew
    const { records: found } = await journal.read(await journal.start(), { records: 1e9, bytes: 1e12 })
    expect(found.map(({ position }) => position.offset)).toEqual(found.map((_, index) => index + 1))
    expect(found.map(({ key }) => key)).toEqual(records.flat().map(({ key }) => key))
    expect(found.filter(({ position }) => isNew(position.offset)).map(({ text }) => text)).toEqual(
      records.slice(before).flat().map(textOf),
    )
    const last = records.at(-1) ?? []
    expect(
      (
        await journal.revisions(
          'acme',
          last.map(({ key }) => key),
        )
      ).size,
    ).toBe(last.length)
    // The sink acknowledges after each commit, so it is at most one commit behind.
    const position = (await journal.sink('files'))?.acknowledged
    expect(position === undefined || (await journal.owns(position))).toBe(true)
    expect(position?.offset ?? 0).toBeGreaterThanOrEqual(
      found.length - (sizes.at(-1) ?? 0) - (sizes.at(-2) ?? 0),
    )
    await journal.close()
  }
  expect(records.length).toBeGreaterThan(kills)
})
