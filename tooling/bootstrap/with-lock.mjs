import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'

/** Does the work while no other process does it in this clone. A lock whose holder has died is taken over. */
export async function withLock(directory, work) {
  while (!(await take(directory))) {
    const holder = await holderOf(directory)
    if (holder !== undefined && !isAlive(holder)) await rm(directory, { recursive: true, force: true })
    else await setTimeout(200)
  }
  try {
    return await work()
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

async function take(directory) {
  try {
    await mkdir(directory)
  } catch (cause) {
    if (cause.code === 'EEXIST') return false
    throw cause
  }
  await writeFile(join(directory, 'pid'), String(process.pid))
  return true
}

async function holderOf(directory) {
  try {
    return Number(await readFile(join(directory, 'pid'), 'utf8'))
  } catch {
    return undefined
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (cause) {
    return cause.code === 'EPERM'
  }
}
