import { constants } from 'node:fs'
import { access, mkdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout } from 'node:timers/promises'

const beatMs = 2_000
const deadAfterMs = 15_000

/**
 * Runs the work while no other process runs it in this clone. The holder regularly updates the lock file's
 * time, so an old lock file was abandoned. A process id is not enough, because the next start in a container
 * can have the same id.
 */
export async function withLock(file, work) {
  try {
    await mkdir(dirname(file), { recursive: true })
    await access(dirname(file), constants.W_OK)
  } catch (cause) {
    if (!['EACCES', 'EPERM', 'EROFS'].includes(cause.code)) throw cause
    throw new Error(
      `This clone must be set up, but this user cannot write to ${dirname(file)} (${cause.code}): ` +
        'run `npm run cdrstream -- --version` once as the owner of the clone',
    )
  }
  for (let waits = 0; !(await take(file)); waits += 1) {
    if (waits === 0) console.error('Waiting for another process that is setting up this clone …')
    await setTimeout(200)
  }
  const beat = setInterval(() => utimes(file, new Date(), new Date()).catch(() => {}), beatMs)
  try {
    return await work()
  } finally {
    clearInterval(beat)
    await rm(file, { force: true })
  }
}

async function take(file) {
  try {
    await writeFile(file, '', { flag: 'wx' })
    return true
  } catch (cause) {
    if (cause.code !== 'EEXIST') throw cause
  }
  try {
    const { mtimeMs } = await stat(file)
    if (Date.now() - mtimeMs < deadAfterMs) return false
    // If several processes find the lock file abandoned, only one of them can rename it.
    const aside = `${file}-${process.pid}`
    await rename(file, aside)
    await rm(aside, { force: true })
  } catch (cause) {
    if (cause.code !== 'ENOENT') throw cause
  }
  return false
}
