import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { openJournal } from '@cdrstream/journal-sqlite'
import { freshDigits } from './fresh-ids.ts'
import { measure, type Ratio } from './measure.ts'
import type { Page } from './page.ts'

/** Compares committing a page to the journal with appending the same bytes to a file and fsyncing it. */
export async function benchCommit(pages: readonly Page[], directory: string): Promise<readonly Ratio[]> {
  const journal = await openJournal({ path: join(directory, 'journal.db'), access: 'collector' })
  const plain = openSync(join(directory, 'plain.ndjson'), 'a')
  let baselinePages = 0
  let commits = 0
  const result = await measure(20, {
    baseline: () => {
      const page = pages[baselinePages++ % pages.length]
      append(plain, Buffer.from(`${page?.texts.join('\n')}\n`))
    },
    measured: async () => {
      const page = pages[commits % pages.length]
      commits += 1
      await journal.commit({
        org: 'acme',
        scope: 'acme',
        progress: { originSec: 0, coverage: [], auditedToSec: 0, deepAtSec: 0, doubts: [] },
        // New keys in each round, because the pages are reused.
        records: (page?.records ?? []).map((record) => ({
          ...record,
          key: `${freshDigits(record.key.slice(0, 8), commits)}${record.key.slice(8)}`,
        })),
        quarantined: [],
        budget: { credential: 'acme', change: (budget) => budget },
      })
    },
  })
  closeSync(plain)
  await journal.close()
  return [
    {
      what: 'journal commit of a page ÷ append + fsync of the same bytes',
      goal: { kind: 'share-of-time', floor: 6, aim: 1.5 },
      ...result,
    },
  ]
}

export function append(file: number, bytes: Buffer): void {
  for (let offset = 0; offset < bytes.length; ) offset += writeSync(file, bytes, offset)
  fsyncSync(file)
}
