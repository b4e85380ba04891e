import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { postgresSink } from '@cdrstream/sink-postgres'
import { Client } from 'pg'
import { FreshBatches } from './fresh-batches.ts'
import type { Ratio } from './measure.ts'
import { openSink } from './open-sink.ts'
import type { Page } from './page.ts'
import { measureRun, type RunSpeed } from './run-memory.ts'

export interface WholePath {
  readonly ratio: Ratio
  readonly memory: RunSpeed
}

const pageRecords = 5_000

/**
 * Compares `cdrstream run`, from a page server through the journal into Postgres, with its slowest stage
 * alone, the sink. Both process the same number of consecutive pages, so that garbage collection, checkpoints
 * and growing tables affect both.
 */
export async function benchWholePath(page: Page, directory: string, url: string): Promise<WholePath> {
  const at = join(directory, 'whole-path')
  await mkdir(at)
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    const memory = await measureRun(page, at, {
      name: 'Postgres',
      yaml: `{ name: warehouse, use: postgres, options: { url: "${url}", schema: whole } }`,
      records: async () => {
        const { rows } = await client.query<{ offset: string }>(
          'select journal_offset as offset from whole.position',
        )
        return Number(rows[0]?.offset ?? 0)
      },
    })
    const measuredMs = (pageRecords / memory.recordsPerSecond) * 1_000
    return {
      memory,
      ratio: {
        what: 'slowest stage alone (the Postgres sink, page after page) ÷ whole path: API → journal → Postgres',
        goal: { kind: 'times-faster', floor: 0.7, aim: 0.85 },
        baselineMs: await sinkAloneMs(page, url, memory.pages),
        measuredMs,
      },
    }
  } finally {
    await client.end()
  }
}

const warmUpPages = 15

/**
 * Returns how long the sink takes for a page, averaged over this many pages. The records are created outside
 * the measured time.
 */
async function sinkAloneMs(page: Page, url: string, pages: number): Promise<number> {
  const sink = await openSink(postgresSink, { url, schema: 'alone' }, 'alone')
  const batches = new FreshBatches([page])
  let sumMs = 0
  for (let written = 0; written < pages; written += 1) {
    const batch = batches.next()
    const fromMs = performance.now()
    await sink.write(batch)
    if (written >= warmUpPages) sumMs += performance.now() - fromMs
  }
  await sink.close()
  return sumMs / (pages - warmUpPages)
}
