import { dirname, join } from 'node:path'
import { SinkFault } from '@cdrstream/sink-kit'
import { forEachOf } from './for-each-of.ts'
import type { Layout } from './layout.ts'
import { sameContent } from './same-content.ts'
import type { Intent } from './sink-state.ts'

/**
 * Renames the temporary files of a durable intent to where readers find them. May be repeated at any time:
 * what is no longer in the work directory was published, even if a reader has moved it away since. Returns
 * how many files it published.
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
    await refuseOtherContent(from, to, layout)
    await files.rename(from, to)
    published += 1
  }
  await syncHomes(intent, layout)
  return published
}

/**
 * Finishes what an earlier process had begun to publish, and returns how many files it published. What that
 * process left visible is not yet durable: first the files that it renamed, since syncing the work directory
 * may make durable that they are gone from there, and then the intent, since no file may be published before
 * it.
 */
export async function finishIntent(intent: Intent, layout: Layout): Promise<number> {
  await syncHomes(intent, layout)
  await layout.files.syncDirectory(layout.work)
  return carryOutIntent(intent, layout)
}

/** Makes durable that the files of an intent are in their places. A reader may have removed a directory. */
async function syncHomes(intent: Intent, { files, directory }: Layout): Promise<void> {
  const homes = intent.files.map(({ final }) => dirname(join(directory, final)))
  const touched = new Set([directory, ...homes.flatMap((home) => [dirname(home), home])])
  await forEachOf(touched, async (path) => {
    if ((await files.look(path)) !== undefined) await files.syncDirectory(path)
  })
}

/** A symbolic link would lead out of the sink's directory. */
async function makeRealDirectory(path: string, { files }: Layout): Promise<void> {
  if (await files.makeDirectory(path)) return
  if ((await files.look(path))?.kind === 'directory') return
  throw new SinkFault('not-a-directory', `move away ${path}: a directory is needed there, not a link to one`)
}

/**
 * The name stands for the span, so nothing else can be under it, unless the journal is not the one that it
 * says it is.
 */
async function refuseOtherContent(from: string, to: string, { files }: Layout): Promise<void> {
  if ((await files.look(to)) === undefined || (await sameContent(files, from, to))) return
  throw new SinkFault('name-taken', `move away ${to}: its content is not what its name stands for`)
}
