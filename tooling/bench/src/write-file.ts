import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { cdrRecords } from '@cdrstream/core'
import type { Batch, CdrRecord } from '@cdrstream/plugin'
import { fileSink } from '@cdrstream/sink-file'
import { append } from './commit-page.ts'
import { measure, type Ratio } from './measure.ts'
import type { Page } from './page.ts'

/** Compares writing and publishing a page with the file sink to appending the same bytes and fsyncing. */
export async function benchFileSink(pages: readonly Page[], directory: string): Promise<readonly Ratio[]> {
  const call = { signal: new AbortController().signal }
  const silent = { debug() {}, info() {}, warn() {}, error() {} }
  const options = await fileSink.options['~standard'].validate({ directory: join(directory, 'records') })
  if (options.issues !== undefined) throw new Error('the file sink refuses its options')
  const sink = fileSink.create(options.value, { name: 'files', baseDirectory: directory, log: silent })
  const opened = await sink.open({ ...call, acknowledged: null, owns: async () => true })
  if (opened.kind !== 'opened') throw new Error('the file sink could not be opened')
  const { session } = opened
  const plain = openSync(join(directory, 'plain-sink.ndjson'), 'a')
  const records = pages.map((page) => cdrRecords(page.records.map((record) => ({ org: 'acme', ...record }))))
  const lines = records.map((page) => Buffer.from(page.map(lineOf).join('')))
  let rounds = 0
  let offset = 0
  const result = await measure(20, {
    baseline: () => append(plain, lines[rounds % lines.length] ?? Buffer.alloc(0)),
    measured: async () => {
      const page = records[rounds++ % records.length] ?? []
      const from = { incarnation: 'b'.repeat(16), offset, commit: offset === 0 ? '' : `c${rounds - 1}` }
      offset += page.length
      const batch: Batch = { records: page, from, to: { ...from, offset, commit: `c${rounds}` } }
      const written = await session.write(batch, call)
      const flushed = await session.flush?.(call)
      if (written.kind !== 'accepted' || flushed?.kind !== 'accepted')
        throw new Error('the file sink did not accept the records')
    },
  })
  await session.close?.(call)
  closeSync(plain)
  return [
    {
      what: 'plain append + fsync ÷ file sink, published, same bytes',
      goal: { kind: 'times-faster', floor: 0.7, aim: 0.9 },
      ...result,
    },
  ]
}

function lineOf({ text, org, key, rank, home, acceptedAtMs, source }: CdrRecord): string {
  const meta = { org, key, rank, home, acceptedAt: new Date(acceptedAtMs).toISOString(), source }
  return `${text.slice(0, -1)},"@cdrstream":${JSON.stringify(meta)}}\n`
}
