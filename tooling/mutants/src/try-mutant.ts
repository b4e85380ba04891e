import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { applyMutant } from './apply-mutant.ts'
import { judgeReport, type Verdict } from './judge-report.ts'
import type { Mutant } from './mutant.ts'
import { runSeeds } from './run-seeds.ts'
import { runTests } from './run-tests.ts'

/**
 * Plants the bug in a copy of the repository, runs the test that must catch it, and removes the bug again.
 */
export async function tryMutant(mutant: Mutant, copy: string, signal: AbortSignal): Promise<Verdict> {
  const { caughtBy } = mutant
  try {
    if (typeof caughtBy === 'string')
      return await withBug(mutant, copy, () => runTest(caughtBy, copy, signal))
    return await findSeed(mutant, caughtBy.seeds, copy, signal)
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
  const report = await runTests(copy, [test], { workers: 1, bail: 1 }, signal)
  return report === undefined ? { kind: 'missed', why: `${test} did not finish` } : judgeReport(report)
}

/** Finds a seed that fails only with the bug. A seed that also fails without it did not catch the bug. */
async function findSeed(mutant: Mutant, seeds: number, copy: string, signal: AbortSignal): Promise<Verdict> {
  let first = 1
  while (first <= seeds) {
    const from = first
    const found = await withBug(mutant, copy, () => runSeeds(copy, from, seeds, signal))
    if (found.kind === 'broken') return { kind: 'missed', why: found.why }
    if (found.kind === 'passed') break
    const { seed, how } = found
    const without = await runSeeds(copy, seed, seed, signal)
    if (without.kind === 'passed') return { kind: 'caught', by: `the simulation, ${how}` }
    first = seed + 1
  }
  return { kind: 'missed', why: `${seeds} seeds of the simulation passed` }
}
