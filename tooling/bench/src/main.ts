import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { benchCommit } from './commit-page.ts'
import { benchFetch } from './fetch-page.ts'
import { holds, type Ratio } from './measure.ts'
import { benchNormalize } from './normalize-page.ts'
import { makePages, type Page } from './page.ts'
import { measureRun, type RunMemory } from './run-memory.ts'
import { benchSplit } from './split-page.ts'
import { benchFileSink } from './write-file.ts'
import { writeReport } from './write-report.ts'

const reportFile = new URL('../../../docs/performance.md', import.meta.url)

const directory = await mkdtemp(join(tmpdir(), 'cdrstream-bench-'))
try {
  const pages = makePages(3)
  const ratios: Ratio[] = []
  const bench = async (name: string, work: (page: Page) => Promise<readonly Ratio[]>) => {
    const [page] = pages
    if (page === undefined) throw new Error('no page to measure with')
    process.stderr.write(`${name} …\n`)
    ratios.push(...(await work(page)))
  }
  await bench('fetch', benchFetch)
  await bench('split', benchSplit)
  await bench('normalize', benchNormalize)
  await bench('journal', () => benchCommit(pages, directory))
  await bench('file sink', () => benchFileSink(pages, directory))
  process.stderr.write('memory of a run …\n')
  const [page] = pages
  if (page === undefined) throw new Error('no page to measure with')
  const memory: RunMemory = await measureRun(page, directory)
  const report = writeReport(ratios, memory, {
    node: process.version,
    processors: `${cpus().length} × ${cpus()[0]?.model.trim()}`,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    recordBytes: Math.round((pages[0]?.text.length ?? 0) / (pages[0]?.texts.length ?? 1)),
  })
  process.stdout.write(report)
  await writeFile(reportFile, report)
  if (!ratios.every(holds) || !memory.holds) process.exitCode = 1
} finally {
  await rm(directory, { recursive: true, force: true })
}
