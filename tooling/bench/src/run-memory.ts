import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { endlessServer } from './endless-server.ts'
import type { Page } from './page.ts'

/** The memory that `cdrstream run` used and how much it read. */
export interface RunMemory {
  /** The sink that the run delivered to. */
  readonly sink: string
  /** The largest resident set, in MB. */
  readonly peakMb: number
  readonly pages: number
  readonly records: number
  readonly holds: boolean
}

const goalMb = 400
const warmUpMs = 10_000
const forMs = 35_000
/** More pages than any machine reads in that time. */
const pageCount = 450
const bin = fileURLToPath(new URL('../../../apps/runner/bin/cdrstream.js', import.meta.url))

/** The sink of a run. */
export interface RunSink {
  /** The sink's name in the report. */
  readonly name: string
  /** The sink's configuration, as one line of YAML. */
  readonly yaml: string
  /** Additional configuration sections, in YAML. Default: none. */
  readonly sections?: string
  /** Returns how many records the sink has. */
  records(): Promise<number>
}

/** The throughput and memory of `cdrstream run`. */
export interface RunSpeed extends RunMemory {
  readonly recordsPerSecond: number
  /** The CPU time per page after the warm-up, in milliseconds. */
  readonly processorMs: number
}

/** Measures `cdrstream run` while pages of 5,000 new records arrive one after another. */
export async function measureRun(page: Page, directory: string, sink: RunSink): Promise<RunSpeed> {
  const server = await endlessServer(page, directory, pageCount)
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
${sink.sections ?? ''}
`,
  )
  const run = spawn(process.execPath, [bin, 'run', '--config', file], {
    stdio: ['ignore', 'inherit', 'ignore'],
  })
  try {
    await setTimeout(warmUpMs)
    const before = await sink.records()
    const pagesBefore = server.served().pages
    const processorBeforeMs = await processorMsOf(run)
    const fromMs = performance.now()
    await setTimeout(forMs)
    const recordsPerSecond = ((await sink.records()) - before) / ((performance.now() - fromMs) / 1_000)
    const processorMs =
      ((await processorMsOf(run)) - processorBeforeMs) / (server.served().pages - pagesBefore)
    const peakMb = await peakResidentMb(run)
    run.kill('SIGTERM')
    await once(run, 'exit')
    const { pages, records } = server.served()
    const holds = peakMb <= goalMb
    return { sink: sink.name, peakMb, pages, records, recordsPerSecond, processorMs, holds }
  } finally {
    run.kill('SIGKILL')
    await server.close()
  }
}

/** Uses the kernel's high-water mark, so that no peak is missed. */
async function peakResidentMb(child: ChildProcess): Promise<number> {
  const status = await readFile(`/proc/${child.pid}/status`, 'utf8')
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]
  if (kilobytes === undefined) throw new Error('the benchmark can measure memory only on Linux')
  return Math.round((Number(kilobytes) * 1_024) / 1e6)
}

/** Returns the CPU time that the process has used, in milliseconds. */
async function processorMsOf(child: ChildProcess): Promise<number> {
  const stat = await readFile(`/proc/${child.pid}/stat`, 'utf8')
  // The name in parentheses can contain spaces. The times are in hundredths of a second.
  const [user, system] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
  return (Number(user) + Number(system)) * 10
}
