import { spawn } from 'node:child_process'
import { root } from './repository.ts'
import { type StepResult, stepResult } from './step-result.ts'
import type { Step } from './steps.ts'

const shown = { passed: 'passed', failed: 'FAILED', 'not-checked': 'NOT CHECKED' } as const

/** Runs a step and prints a heading, its output, and how long it took. Returns its result. */
export function runStep({ name, program, args }: Step): Promise<StepResult> {
  console.log(`\n── ${name}`)
  const fromMs = performance.now()
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' })
    const end = (result: StepResult): void => {
      const seconds = ((performance.now() - fromMs) / 1_000).toFixed(1)
      console.log(`── ${name}: ${shown[result]} in ${seconds} s`)
      resolve(result)
    }
    child.on('error', (cause) => {
      console.log(cause.message)
      end('failed')
    })
    child.on('close', (code) => end(stepResult(code)))
  })
}
