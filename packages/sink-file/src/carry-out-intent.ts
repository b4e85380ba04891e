import { dirname, join } from 'node:path'
import { forEachOf } from './for-each-of.ts'
import type { Layout } from './layout.ts'
import { sameContent } from './same-content.ts'
import { SinkFault } from './sink-fault.ts'
import type { Intent } from './sink-state.ts'

/**
 * Renames the temporary files of an intent to where readers find them. May be repeated at any time: what is not in the work directory any
 * more was published, also if a reader has moved it away since. Returns how many files it published.
 */
export async function carryOutIntent(intent: Intent, layout: Layout): Promise<number> {
  const { files, directory, work } = layout
  const touched = new Set([directory])
  let published = 0
  for (const { temporary, final } of intent.files) {
    const from = join(work, temporary)
    const to = join(directory, final)
    const home = dirname(to)
    touched.add(dirname(home)).add(home)
    if ((await files.look(from)) === undefined) continue
    await makeRealDirectory(dirname(home), layout)
    await makeRealDirectory(home, layout)
    await refuseOtherContent(from, to, layout)
    await files.rename(from, to)
    published += 1
  }
  // Also of what was renamed before a crash: that it was seen does not mean that it was durable.
  await forEachOf(touched, async (path) => {
    if ((await files.look(path)) !== undefined) await files.syncDirectory(path)
  })
  return published
}

/** A symbolic link would lead out of the sink's directory. */
async function makeRealDirectory(path: string, { files }: Layout): Promise<void> {
  if (await files.makeDirectory(path)) return
  if ((await files.look(path))?.kind === 'directory') return
  throw new SinkFault('not-a-directory', `move away ${path}: a directory is needed there, and no link to one`)
}

/** The name tells the span, so there can be nothing else under it, unless the journal is not the one that it says it is. */
async function refuseOtherContent(from: string, to: string, { files }: Layout): Promise<void> {
  if ((await files.look(to)) === undefined || (await sameContent(files, from, to))) return
  throw new SinkFault('name-taken', `move away ${to}: it has not the content that its name stands for`)
}
