import { dirname, join } from 'node:path'
import type { Finding } from '@cdrstream/plugin'
import { classified, findingOf } from '@cdrstream/sink-kit'
import { classifyError } from './classify-error.ts'
import type { Layout } from './layout.ts'
import { StateFile, stateName } from './sink-state.ts'
import { surveyPublished } from './survey-published.ts'

/** A span and its compressed copy need disk space. */
const spansOnDisk = 2

/** Returns the `check` findings about the sink's directory. Changes nothing. */
export async function checkDirectory(layout: Layout, rotateBytes: number): Promise<readonly Finding[]> {
  return classified(
    async () => {
      const nearest = await nearestDirectory(layout)
      return [
        await checkAccess(nearest, layout),
        await checkState(layout),
        await checkFreeSpace(nearest, layout, rotateBytes),
      ]
    },
    (error) => [errorFinding(error)],
  )
}

/** Returns the directory, or the closest existing ancestor, where it will be created. */
async function nearestDirectory({ files, directory }: Layout): Promise<string> {
  let path = directory
  while ((await files.look(path)) === undefined && dirname(path) !== path) path = dirname(path)
  return path
}

async function checkAccess(nearest: string, { files, directory }: Layout): Promise<Finding> {
  if (!(await files.mayWrite(nearest))) {
    return {
      level: 'error',
      code: 'permission-denied',
      message: `allow the user that runs cdrstream to write to ${nearest}`,
    }
  }
  const message = nearest === directory ? `${directory} is writable` : `${directory} will be created`
  return { level: 'ok', code: 'directory-writable', message }
}

async function checkState(layout: Layout): Promise<Finding> {
  try {
    const state = await new StateFile(layout).read()
    if (state !== null) {
      const message = `published up to record ${state.position.offset} of the journal`
      return { level: 'ok', code: 'state-readable', message }
    }
    return (await isUsed(layout))
      ? {
          level: 'warning',
          code: 'state-missing',
          message:
            `restore ${join(layout.work, stateName)} from a backup: ` +
            'without it, the sink continues after the last acknowledged record if that is safe',
        }
      : { level: 'ok', code: 'state-readable', message: 'nothing has been published yet' }
  } catch (error) {
    return errorFinding(error)
  }
}

async function isUsed(layout: Layout): Promise<boolean> {
  if ((await layout.files.look(layout.directory))?.kind !== 'directory') return false
  return (await surveyPublished(layout, '')).isUsed
}

async function checkFreeSpace(nearest: string, { files }: Layout, rotateBytes: number): Promise<Finding> {
  const freeBytes = await files.freeBytes(nearest)
  const message = `${Math.floor(freeBytes / 1_000_000)} MB are free`
  return freeBytes < spansOnDisk * rotateBytes
    ? {
        level: 'warning',
        code: 'disk-space',
        message: `${message}: free disk space, or choose a smaller rotateBytes`,
      }
    : { level: 'ok', code: 'disk-space', message }
}

function errorFinding(error: unknown): Finding {
  const outcome = classifyError(error)
  return outcome.kind === 'failed'
    ? findingOf(outcome)
    : { level: 'error', code: 'unreadable', message: String(outcome.cause) }
}
