import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Step, steps } from './steps.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const scratch = mkdtempSync(join(tmpdir(), 'cdrstream-check-'))
const report = join(scratch, 'tests.json')

let passed = 0
let failed = 0
const failures: string[] = []

for (const step of steps(root)) {
  if (await run(step)) passed += 1
  else note(step.name)
}

const tests = await run({
  name: 'tests',
  program: 'vitest',
  args: [
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...process.argv.slice(2),
  ],
})
countTests(tests)
rmSync(scratch, { recursive: true, force: true })

for (const failure of failures) console.log(`failed: ${failure}`)
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1

function note(what: string): void {
  failed += 1
  failures.push(what)
}

/** A skipped test proves nothing: it counts as failed. */
function countTests(succeeded: boolean): void {
  try {
    const { numPassedTests, numTotalTests, success } = JSON.parse(readFileSync(report, 'utf8'))
    passed += numPassedTests
    failed += numTotalTests - numPassedTests
    if ((!success || !succeeded) && numTotalTests === numPassedTests) note('tests: a file could not be run')
    if (numTotalTests > numPassedTests) failures.push(`${numTotalTests - numPassedTests} tests`)
  } catch {
    note('tests: there is no report')
  }
}

function run({ name, program, args }: Step): Promise<boolean> {
  console.log(`\n── ${name}`)
  const fromMs = performance.now()
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' })
    const end = (ok: boolean) => {
      console.log(
        `── ${name}: ${ok ? 'passed' : 'FAILED'} in ${((performance.now() - fromMs) / 1_000).toFixed(1)} s`,
      )
      resolve(ok)
    }
    child.on('error', (cause) => {
      console.error(cause.message)
      end(false)
    })
    child.on('close', (code) => end(code === 0))
  })
}
