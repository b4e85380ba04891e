import { CheckFailure } from './check-failure.ts'
import type { SinkCheck } from './sink-check.ts'

export interface SinkCheckResult {
  readonly name: string
  readonly title: string
  readonly outcome: 'passed' | 'failed' | 'not-run'
  /** Why it has failed or was not run: one line, for a person. */
  readonly reason?: string
  /** What was thrown. */
  readonly error?: unknown
  readonly tookMs: number
}

export interface SinkReport {
  /** Every check was run, and has passed. */
  readonly certified: boolean
  /** One a check, in their order. */
  readonly results: readonly SinkCheckResult[]
  readonly passed: number
  readonly failed: number
  readonly notRun: number
}

export interface RunSinkChecksOptions {
  /** Called as each check begins. */
  onStart?(check: SinkCheck): void
  /** Called as each check ends. */
  onResult?(result: SinkCheckResult): void
}

/** Runs the checks one after the other. A check that fails does not end it. */
export async function runSinkChecks(
  checks: readonly SinkCheck[],
  options: RunSinkChecksOptions = {},
): Promise<SinkReport> {
  const results: SinkCheckResult[] = []
  for (const check of checks) {
    options.onStart?.(check)
    const result = await runSinkCheck(check)
    results.push(result)
    options.onResult?.(result)
  }
  const count = (outcome: SinkCheckResult['outcome']) =>
    results.filter((result) => result.outcome === outcome).length
  const passed = count('passed')
  return {
    certified: results.length > 0 && passed === results.length,
    results,
    passed,
    failed: count('failed'),
    notRun: count('not-run'),
  }
}

async function runSinkCheck(check: SinkCheck): Promise<SinkCheckResult> {
  const { name, title, notRun } = check
  if (notRun !== undefined) return { name, title, outcome: 'not-run', reason: notRun, tookMs: 0 }
  const startedMs = performance.now()
  const took = () => Math.round(performance.now() - startedMs)
  try {
    await whileSomethingIsLeft(check.run())
    return { name, title, outcome: 'passed', tookMs: took() }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { name, title, outcome: 'failed', reason, error, tookMs: took() }
  }
}

/**
 * Waits for a check. Where it waits for a promise that nothing will ever settle, Node would end the process
 * in the middle of the run, with code 0.
 */
async function whileSomethingIsLeft(work: Promise<void>): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>()
  const failure = new CheckFailure(
    'expected the check to end, and found it waiting for a promise of the sink or the certification that never settles',
  )
  // In another turn, so that the process stays for the checks behind it.
  const fail = () => void setImmediate(reject, failure)
  process.once('beforeExit', fail)
  try {
    await Promise.race([work, promise])
  } finally {
    process.off('beforeExit', fail)
  }
}
