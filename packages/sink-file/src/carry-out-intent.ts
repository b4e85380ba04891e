import { dirname, join } from 'node:path'
import { SinkFault } from '@cdrstream/sink-kit'
import { forEachOf } from './for-each-of.ts'
import type { Layout } from './layout.ts'
import { sameContent } from './same-content.ts'
import type { Intent } from './sink-state.ts'

/**
 * Renames the temporary files of a durable intent to their published paths, and returns how many it renamed.
 * Safe to repeat at any time, because a file that is no longer in the work directory was already published,
 * although a reader may have moved it since.
 */
export async function carryOutIntent(intent: Intent, layout: Layout): Promise<number> {
  const { files, directory, work } = layout
  let published = 0
  for (const { temporary, final } of intent.files) {
    const from = join(work, temporary)
    const to = join(directory, final)
    const home = dirname(to)
    if ((await files.look(from)) === undefined) continue
    await makeRealDirectory(dirname(home), layout)
    await makeRealDirectory(home, layout)
    await refuseDifferentContent(from, to, layout)
    await files.rename(from, to)
    published += 1
  }
  await syncHomes(intent, layout)
  return published
}

/**
 * Finishes the publication that an earlier process began, and returns how many files it renamed. What that
 * process left visible may not be durable. The renamed files are synced first, because syncing the work
 * directory may make their removal from it durable. The intent is synced next, because no file may be
 * published before it.
 */
export async function finishIntent(intent: Intent, layout: Layout): Promise<number> {
  await syncHomes(intent, layout)
  await layout.files.syncDirectory(layout.work)
  return carryOutIntent(intent, layout)
}

/** Makes the new locations of an intent's files durable. Readers may have removed directories. */
async function syncHomes(intent: Intent, { files, directory }: Layout): Promise<void> {
  const homes = intent.files.map(({ final }) => dirname(join(directory, final)))
  const touched = new Set([directory, ...homes.flatMap((home) => [dirname(home), home])])
  await forEachOf(touched, async (path) => {
    if ((await files.look(path)) !== undefined) await files.syncDirectory(path)
  })
}

/** A symbolic link could lead out of the sink's directory. */
async function makeRealDirectory(path: string, { files }: Layout): Promise<void> {
  if (await files.makeDirectory(path)) return
  if ((await files.look(path))?.kind === 'directory') return
  throw new SinkFault(
    'not-a-directory',
    `move ${path} to another directory: a directory is required there, not a link to one`,
  )
}

/**
 * The name identifies the span, so a file with different content can only come from a different journal with
 * the same identity.
 */
async function refuseDifferentContent(from: string, to: string, { files }: Layout): Promise<void> {
  if ((await files.look(to)) === undefined || (await sameContent(files, from, to))) return
  throw new SinkFault(
    'name-taken',
    `move ${to} to another directory: its content differs from the records that its name identifies`,
  )
}
