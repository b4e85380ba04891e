import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { endlessServer } from './endless-server.ts'
import type { Page } from './page.ts'

export interface RunMemory {
  /** The largest resident set, in MB. */
  readonly mostMb: number
  readonly pages: number
  readonly records: number
  readonly holds: boolean
}

const goalMb = 400
const forMs = 45_000
const bin = fileURLToPath(new URL('../../../apps/runner/bin/cdrstream.js', import.meta.url))

/** `cdrstream run` while pages of 5,000 new records come one after the other without end: the most memory it has ever held. */
export async function measureRun(page: Page, directory: string): Promise<RunMemory> {
  const server = await endlessServer(page)
  const file = join(directory, 'cdrstream.yaml')
  await writeFile(
    file,
    `orgs: [{ name: acme, auth: { accessToken: token } }]
journal: { path: ./run/cdrstream.db }
sinks: [{ name: files, use: file, options: { directory: ./run/records } }]
webex:
  baseUrl: ${server.baseUrl}
  initialRequests: { count: 1, per: 1s }
  pageRequests: { count: 10, per: 1s }
`,
  )
  const run = spawn(process.execPath, [bin, 'run', '--config', file], {
    stdio: ['ignore', 'inherit', 'ignore'],
  })
  try {
    await setTimeout(forMs)
    const mostMb = await mostResidentMb(run)
    run.kill('SIGTERM')
    await once(run, 'exit')
    const { pages, records } = server.served()
    return { mostMb, pages, records, holds: mostMb <= goalMb }
  } finally {
    run.kill('SIGKILL')
    await server.close()
  }
}

/** By the kernel's own high-water mark, so that no peak is missed. */
async function mostResidentMb(child: ChildProcess): Promise<number> {
  const status = await readFile(`/proc/${child.pid}/status`, 'utf8')
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]
  if (kilobytes === undefined) throw new Error('memory is measured on Linux only')
  return Math.round((Number(kilobytes) * 1_024) / 1e6)
}
