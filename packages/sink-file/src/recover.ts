import { dirname, join } from 'node:path'
import type { Position } from '@cdrstream/plugin'
import { errorCode, SinkFault } from '@cdrstream/sink-kit'
import { finishIntent } from './carry-out-intent.ts'
import type { Layout } from './layout.ts'
import { type Resumed, resumePosition } from './resume-position.ts'
import { type Intent, newStateName, type StateFile } from './sink-state.ts'
import { isTemporaryName } from './temporary-name.ts'

export interface Recovered extends Resumed {
  /** How many files recovery finished publishing. */
  readonly finished: number
  /** How many files of unpublished records were removed. The engine sends these records again. */
  readonly dropped: number
}

/**
 * Creates the sink's directories, finishes a publication that was decided on, and removes all other temporary
 * files.
 */
export async function recover(
  layout: Layout,
  state: StateFile,
  acknowledged: Position | null,
): Promise<Recovered> {
  const { files, directory, work } = layout
  await makeDirectories(directory, layout)
  await makeDirectories(work, layout)
  if ((await files.look(work))?.kind !== 'directory') {
    throw new SinkFault(
      'not-a-directory',
      `move ${work} to another directory: a directory is required there, not a link to one`,
    )
  }
  const stored = await state.read()
  if (stored === null) await syncAncestors(work, layout)
  const resumed = await resumePosition(stored, acknowledged, layout)
  // An intent from an older backup of the state was carried out long ago, although its files may be in the
  // work directory again.
  const intent = resumed.by === 'acknowledged' ? null : stored
  const dropped = await dropUndecided(intent, layout)
  const finished = intent === null ? 0 : await finishIntent(intent, layout)
  return { ...resumed, finished, dropped }
}

async function makeDirectories(path: string, layout: Layout): Promise<void> {
  const { files } = layout
  const parent = dirname(path)
  let made: boolean
  try {
    made = await files.makeDirectory(path)
  } catch (error) {
    if (errorCode(error) !== 'ENOENT' || parent === path) throw error
    await makeDirectories(parent, layout)
    made = await files.makeDirectory(path)
  }
  if (made) await files.syncDirectory(parent)
}

/**
 * Makes the names of a directory and its ancestors durable. An earlier process may have been killed right
 * after it created one. Skips directories that this user cannot write to, because that process cannot have
 * created anything there.
 */
async function syncAncestors(path: string, { files }: Pick<Layout, 'files'>): Promise<void> {
  const parent = dirname(path)
  if (parent === path || !(await files.mayWrite(parent))) return
  await files.syncDirectory(parent)
  await syncAncestors(parent, { files })
}

async function dropUndecided(intent: Intent | null, { files, work }: Layout): Promise<number> {
  const decided = new Set(intent?.files.map(({ temporary }) => temporary))
  const undecided = (await files.list(work)).filter(
    (name) => (isTemporaryName(name) || name === newStateName) && !decided.has(name),
  )
  for (const name of undecided) await files.remove(join(work, name))
  return undecided.length
}
