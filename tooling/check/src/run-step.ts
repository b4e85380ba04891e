import { spawn } from 'node:child_process'
import { root } from './repository.ts'
import type { Step } from './steps.ts'

/** Runs a step and prints a heading, its output, and how long it took. Returns whether it passed. */
export function runStep({ name, program, args }: Step): Promise<boolean> {
  console.log(`\n── ${name}`)
  const fromMs = performance.now()
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' })
    const end = (passed: boolean): void => {
      const seconds = ((performance.now() - fromMs) / 1_000).toFixed(1)
      console.log(`── ${name}: ${passed ? 'passed' : 'FAILED'} in ${seconds} s`)
      resolve(passed)
    }
    child.on('error', (cause) => {
      console.log(cause.message)
      end(false)
    })
    child.on('close', (code) => end(code === 0))
  })
}
