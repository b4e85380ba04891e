import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Client } from 'pg'
import type { Ratio } from './measure.ts'
import type { Page } from './page.ts'
import { measureRun, type RunSpeed } from './run-memory.ts'

export interface WholePath {
  readonly ratio: Ratio
  readonly memory: RunSpeed
}

const pageRecords = 5_000

/** `cdrstream run` from a server of pages through the journal into Postgres, against the slowest stage alone, in milliseconds a page. */
export async function benchWholePath(
  page: Page,
  directory: string,
  url: string,
  slowestMs: number,
): Promise<WholePath> {
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
        what: 'slowest stage alone ÷ whole path: API → journal → Postgres',
        goal: { kind: 'times-faster', floor: 0.7, aim: 0.85 },
        baselineMs: slowestMs,
        measuredMs,
      },
    }
  } finally {
    await client.end()
  }
}
