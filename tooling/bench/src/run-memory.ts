import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { endlessServer } from './endless-server.ts'
import type { Page } from './page.ts'

export interface RunMemory {
  /** What the run delivered to. */
  readonly sink: string
  /** The largest resident set, in MB. */
  readonly mostMb: number
  readonly pages: number
  readonly records: number
  readonly holds: boolean
}

const goalMb = 400
const warmUpMs = 10_000
const forMs = 35_000
/** More than any machine reads in that time. */
const mostPages = 450
const bin = fileURLToPath(new URL('../../../apps/runner/bin/cdrstream.js', import.meta.url))

/** A sink of a run, and how many records it has. */
export interface RunSink {
  /** What it is called in the report. */
  readonly name: string
  /** A line of YAML. */
  readonly yaml: string
  records(): Promise<number>
}

/** How fast `cdrstream run` fills a sink, in records a second, and its memory. */
export interface RunSpeed extends RunMemory {
  readonly recordsPerSecond: number
}

/**
 * `cdrstream run` while pages of 5,000 new records come one after the other without end: the most memory it
 * has ever held.
 */
export async function measureRun(page: Page, directory: string, sink: RunSink): Promise<RunSpeed> {
  const server = await endlessServer(page, directory, mostPages)
  const file = join(directory, 'cdrstream.yaml')
  await writeFile(
    file,
    `orgs: [{ name: acme, auth: { accessToken: token } }]
journal: { path: ./cdrstream.db }
sinks:
  - ${sink.yaml}
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
    await setTimeout(warmUpMs)
    const before = await sink.records()
    const fromMs = performance.now()
    await setTimeout(forMs)
    const recordsPerSecond = ((await sink.records()) - before) / ((performance.now() - fromMs) / 1_000)
    const mostMb = await mostResidentMb(run)
    run.kill('SIGTERM')
    await once(run, 'exit')
    const { pages, records } = server.served()
    return { sink: sink.name, mostMb, pages, records, recordsPerSecond, holds: mostMb <= goalMb }
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
