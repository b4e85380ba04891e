import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { applyMutant } from './apply-mutant.ts'
import { judgeReport, type Verdict } from './judge-report.ts'
import { type Catcher, type Mutant, mostSeeds } from './mutant.ts'
import { runTests, type TestRun } from './run-tests.ts'

/** Plants the bug in a copy of the repository, runs what has to catch it, and takes the bug out again. */
export async function tryMutant(mutant: Mutant, copy: string, signal: AbortSignal): Promise<Verdict> {
  const path = join(copy, mutant.file)
  const source = readFileSync(path, 'utf8')
  try {
    writeFileSync(path, applyMutant(mutant, source))
    return await runCatcher(mutant.caughtBy, copy, signal)
  } catch (cause) {
    return { kind: 'missed', why: cause instanceof Error ? cause.message : String(cause) }
  } finally {
    writeFileSync(path, source)
  }
}

async function runCatcher(caughtBy: Catcher, copy: string, signal: AbortSignal): Promise<Verdict> {
  if (typeof caughtBy === 'string') return await judgeRun(copy, { files: [caughtBy] }, signal)
  const most = Math.min(caughtBy.seeds, mostSeeds)
  const steps = [most / 10, most / 3, most].map(Math.ceil)
  let verdict: Verdict = { kind: 'missed', why: 'no seeds' }
  for (const seeds of steps) {
    const environment = { CDRSTREAM_SEEDS: String(seeds) }
    verdict = await judgeRun(copy, { files: ['tooling/simulation'], environment }, signal)
    if (verdict.kind === 'caught') return { kind: 'caught', by: `${seeds} seeds` }
  }
  return verdict
}

async function judgeRun(copy: string, run: TestRun, signal: AbortSignal): Promise<Verdict> {
  const report = await runTests(copy, run, signal)
  return report === undefined
    ? { kind: 'missed', why: `${run.files.join()} did not come to an end` }
    : judgeReport(report)
}
