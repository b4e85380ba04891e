import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { startElasticsearch, startPostgres } from '@cdrstream-internal/services'
import { benchCommit } from './commit-page.ts'
import { benchFetch } from './fetch-page.ts'
import { benchHttp } from './http-overhead.ts'
import { benchManyOrgs } from './many-orgs.ts'
import { holds, type Ratio } from './measure.ts'
import { benchNormalize } from './normalize-page.ts'
import { makePages, type Page } from './page.ts'
import { measureRun, type RunMemory } from './run-memory.ts'
import { benchSplit } from './split-page.ts'
import { benchWholePath } from './whole-path.ts'
import { benchElasticsearch } from './write-elasticsearch.ts'
import { benchFileSink } from './write-file.ts'
import { benchPostgres } from './write-postgres.ts'
import { writeReport } from './write-report.ts'

const reportFile = new URL('../../../docs/performance.md', import.meta.url)

const directory = await mkdtemp(join(tmpdir(), 'cdrstream-bench-'))
try {
  const pages = makePages(3)
  const ratios: Ratio[] = []
  const bench = async (name: string, work: (page: Page) => Promise<readonly Ratio[]>) => {
    const [page] = pages
    if (page === undefined) throw new Error('there is no page to measure')
    process.stderr.write(`${name} …\n`)
    ratios.push(...(await work(page)))
  }
  await bench('fetch', benchFetch)
  await bench('split', benchSplit)
  await bench('normalize', benchNormalize)
  await bench('journal', () => benchCommit(pages, directory))
  await bench('file sink', () => benchFileSink(pages, directory))
  const [page] = pages
  if (page === undefined) throw new Error('there is no page to measure')
  process.stderr.write('many orgs …\n')
  const manyOrgs = await benchManyOrgs(page, directory)
  process.stderr.write('memory of a run …\n')
  const inFiles = join(directory, 'run')
  await mkdir(inFiles)
  const memory: RunMemory[] = [
    await measureRun(page, inFiles, {
      name: 'files',
      yaml: '{ name: files, use: file, options: { directory: ./records } }',
      records: async () => 0,
    }),
  ]
  process.stderr.write('HTTP …\n')
  const http = await benchHttp(page, directory)
  process.stderr.write('Postgres …\n')
  {
    await using postgres = await startPostgres()
    ratios.push(...(await benchPostgres(pages, postgres.url, directory)))
    process.stderr.write('whole path …\n')
    const whole = await benchWholePath(page, directory, postgres.url)
    ratios.push(whole.ratio)
    memory.push(whole.memory)
  }
  process.stderr.write('Elasticsearch …\n')
  {
    await using elasticsearch = await startElasticsearch({ heapMegabytes: 1_024 })
    ratios.push(...(await benchElasticsearch(pages, elasticsearch.url)))
  }
  const report = writeReport(ratios, memory, manyOrgs, http, {
    node: process.version,
    processors: `${cpus().length} × ${cpus()[0]?.model.trim()}`,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    recordBytes: Math.round((pages[0]?.text.length ?? 0) / (pages[0]?.texts.length ?? 1)),
  })
  process.stdout.write(report)
  await writeFile(reportFile, report)
  if (!ratios.every(holds) || !memory.every((run) => run.holds) || !manyOrgs.holds || !http.holds)
    process.exitCode = 1
} finally {
  await rm(directory, { recursive: true, force: true })
}
