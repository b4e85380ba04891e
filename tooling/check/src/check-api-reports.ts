// Compares the exports of the packages with the committed API reports, so that every change to a public name
// shows up in a review. `--write` updates the reports. Requires the build, whose declarations it reads.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { apiReport, entryPoints } from './api-report.ts'
import { root } from './repository.ts'

/** The packages that others build on. */
const reported = ['core', 'engine', 'plugin', 'sink-kit', 'testkit']
const write = process.argv.includes('--write')

for (const name of reported) {
  for (const entryPoint of entryPoints(join(root, 'packages', name))) {
    const file = relative(root, entryPoint.report)
    const report = apiReport(entryPoint)
    const committed = existsSync(entryPoint.report) ? readFileSync(entryPoint.report, 'utf8') : undefined
    if (report === committed) continue
    if (write) {
      writeFileSync(entryPoint.report, report)
      console.log(`${file}: updated`)
    } else {
      console.log(`${file}: ${firstDifference(committed ?? '', report)}`)
      process.exitCode = 1
    }
  }
}
if (process.exitCode === 1) {
  console.log(
    'The public API has changed. If this is intended, run `npm run api-reports`, add a changeset, and check VERSIONING.md',
  )
}

function firstDifference(committed: string, report: string): string {
  const before = committed.split('\n')
  const after = report.split('\n')
  const at = after.findIndex((line, index) => line !== before[index])
  const line = at === -1 ? after.length : at
  return `line ${line + 1}: expected ${JSON.stringify(before[line] ?? '')}, found ${JSON.stringify(after[line] ?? '')}`
}
