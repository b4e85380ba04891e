// Runs more seeds of the simulation than `npm test`: 2,000, or the number in CDRSTREAM_SEEDS. The last line
// has the totals, for CI.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readTestReport } from './read-test-report.ts'
import { root } from './repository.ts'

const { CDRSTREAM_SEEDS = '2000' } = process.env
const scratch = mkdtempSync(join(tmpdir(), 'cdrstream-simulation-'))
try {
  const report = join(scratch, 'tests.json')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const { status } = spawnSync('vitest', ['run', 'tooling/simulation', ...reporters], {
    cwd: root,
    env: { ...process.env, CDRSTREAM_SEEDS },
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  const { passed, failed, failures } = readTestReport(report, status === 0)
  for (const failure of failures) console.log(`failed: ${failure}`)
  console.log(`${passed} passed, ${failed} failed`)
  if (failed > 0) process.exitCode = 1
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
