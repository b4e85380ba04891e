import { constants } from 'node:fs'
import { access, mkdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout } from 'node:timers/promises'

const beatMs = 2_000
const deadAfterMs = 15_000

/**
 * Does the work while no other process does it in this clone. The holder touches the lock all the time: one
 * that is old belongs to nobody any more. (A process id would not tell: in a container the next start has the
 * same ones.)
 */
export async function withLock(file, work) {
  try {
    await mkdir(dirname(file), { recursive: true })
    await access(dirname(file), constants.W_OK)
  } catch (cause) {
    if (!['EACCES', 'EPERM', 'EROFS'].includes(cause.code)) throw cause
    throw new Error(
      `This clone is not set up, or has changed since, and this user cannot write to ${dirname(file)} (${cause.code}): ` +
        'run `npm run cdrstream -- --version` once as the user that the clone belongs to',
    )
  }
  for (let waits = 0; !(await take(file)); waits += 1) {
    if (waits === 0) console.error('Another start is setting up this clone: waiting for it …')
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
    // Only one of those who find it dead can move it away.
    const aside = `${file}-${process.pid}`
    await rename(file, aside)
    await rm(aside, { force: true })
  } catch (cause) {
    if (cause.code !== 'ENOENT') throw cause
  }
  return false
}
