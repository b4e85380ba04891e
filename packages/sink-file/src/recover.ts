import { dirname, join } from 'node:path'
import type { Position } from '@cdrstream/plugin'
import { carryOutIntent } from './carry-out-intent.ts'
import { systemCode } from './files.ts'
import type { Layout } from './layout.ts'
import { SinkFault } from './sink-fault.ts'
import { type Intent, newStateName, type StateFile } from './sink-state.ts'
import { isTemporaryName } from './temporary-name.ts'

export interface Recovered {
  /** All up to here is published. */
  readonly position: Position | null
  /** Files whose publishing was finished now. */
  readonly finished: number
  /** Files of unpublished records that were removed: the engine sends these records again. */
  readonly dropped: number
}

/** Makes the sink's directories, finishes what had been decided, and removes what had not. */
export async function recover(layout: Layout, state: StateFile): Promise<Recovered> {
  const { files, directory, work } = layout
  await makeDirectories(directory, layout)
  await makeDirectories(work, layout)
  if ((await files.look(work))?.kind !== 'directory') {
    throw new SinkFault(
      'not-a-directory',
      `move away ${work}: a directory is needed there, and no link to one`,
    )
  }
  const intent = await state.read()
  const dropped = await dropUndecided(intent, layout)
  const finished = intent === null ? 0 : await carryOutIntent(intent, layout)
  return { position: intent?.position ?? null, finished, dropped }
}

async function makeDirectories(path: string, layout: Layout): Promise<void> {
  const { files } = layout
  const parent = dirname(path)
  let made: boolean
  try {
    made = await files.makeDirectory(path)
  } catch (error) {
    if (systemCode(error) !== 'ENOENT' || parent === path) throw error
    await makeDirectories(parent, layout)
    made = await files.makeDirectory(path)
  }
  if (made) await files.syncDirectory(parent)
}

async function dropUndecided(intent: Intent | null, { files, work }: Layout): Promise<number> {
  const decided = new Set(intent?.files.map(({ temporary }) => temporary))
  const undecided = (await files.list(work)).filter(
    (name) => (isTemporaryName(name) || name === newStateName) && !decided.has(name),
  )
  for (const name of undecided) await files.remove(join(work, name))
  return undecided.length
}
