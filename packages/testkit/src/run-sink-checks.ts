import { CheckFailure } from './check-failure.ts'
import type { SinkCheck } from './sink-check.ts'

/** The result of one check. */
export interface SinkCheckResult {
  readonly name: string
  readonly title: string
  readonly outcome: 'passed' | 'failed' | 'not-run'
  /** Why the check failed or was not run, in one line. */
  readonly reason?: string
  /** What the check threw. */
  readonly error?: unknown
  readonly tookMs: number
}

/** The results of all checks. */
export interface SinkReport {
  /** Whether at least one check was run and every check passed. */
  readonly certified: boolean
  /** One result per check, in order. */
  readonly results: readonly SinkCheckResult[]
  readonly passed: number
  readonly failed: number
  readonly notRun: number
}

/** Options of `runSinkChecks`. */
export interface RunSinkChecksOptions {
  /** Called when a check begins. */
  onStart?(check: SinkCheck): void
  /** Called when a check ends. */
  onResult?(result: SinkCheckResult): void
}

/** Runs the checks one after another and returns a report. Continues after a check that fails. */
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
    await failingIfNeverSettled(check.run())
    return { name, title, outcome: 'passed', tookMs: took() }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { name, title, outcome: 'failed', reason, error, tookMs: took() }
  }
}

/**
 * Awaits a check, but fails if the check waits for a promise that can never settle. Node would otherwise exit
 * with code 0 in the middle of the run.
 */
async function failingIfNeverSettled(work: Promise<void>): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>()
  const failure = new CheckFailure(
    'expected the check to end, but the sink or the certification returned a promise that never settles',
  )
  // Rejects in a later turn of the event loop, which keeps the process alive for the remaining checks.
  const fail = () => void setImmediate(reject, failure)
  process.once('beforeExit', fail)
  try {
    await Promise.race([work, promise])
  } finally {
    process.off('beforeExit', fail)
  }
}
