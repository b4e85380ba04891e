import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { applyMutant } from './apply-mutant.ts'
import { judgeReport, type Verdict } from './judge-report.ts'
import type { Mutant } from './mutant.ts'
import { runSeeds, type SeedsResult } from './run-seeds.ts'
import { runTests } from './run-tests.ts'

/** Plants the bug in a copy of the repository, runs what has to catch it, and takes the bug out again. */
export async function tryMutant(mutant: Mutant, copy: string, signal: AbortSignal): Promise<Verdict> {
  const { caughtBy } = mutant
  try {
    if (typeof caughtBy === 'string')
      return await withBug(mutant, copy, () => runTest(caughtBy, copy, signal))
    const found = await withBug(mutant, copy, () => runSeeds(copy, 1, caughtBy.seeds, signal))
    return await judgeSeeds(found, caughtBy.seeds, copy, signal)
  } catch (cause) {
    return { kind: 'missed', why: cause instanceof Error ? cause.message : String(cause) }
  }
}

async function withBug<Result>(mutant: Mutant, copy: string, run: () => Promise<Result>): Promise<Result> {
  const path = join(copy, mutant.file)
  const source = readFileSync(path, 'utf8')
  writeFileSync(path, applyMutant(mutant, source))
  try {
    return await run()
  } finally {
    writeFileSync(path, source)
  }
}

async function runTest(test: string, copy: string, signal: AbortSignal): Promise<Verdict> {
  const report = await runTests(copy, [test], 1, signal)
  return report === undefined
    ? { kind: 'missed', why: `${test} did not come to an end` }
    : judgeReport(report)
}

/** A seed that fails without the bug as well did not catch it. */
async function judgeSeeds(
  found: SeedsResult,
  seeds: number,
  copy: string,
  signal: AbortSignal,
): Promise<Verdict> {
  switch (found.kind) {
    case 'passed':
      return { kind: 'missed', why: `${seeds} seeds of the simulation passed` }
    case 'broken':
      return { kind: 'missed', why: found.why }
    case 'failed': {
      const { seed, how } = found
      const without = await runSeeds(copy, seed, seed, signal)
      return without.kind === 'passed'
        ? { kind: 'caught', by: `the simulation, ${how}` }
        : { kind: 'missed', why: `seed ${seed} of the simulation fails without it as well` }
    }
  }
}
