import { runProgram } from './run-program.ts'

const script = 'tooling/simulation/src/find-failing-seed.ts'

export type SeedsResult =
  | { readonly kind: 'passed' }
  | { readonly kind: 'failed'; readonly seed: number; readonly how: string }
  | { readonly kind: 'broken'; readonly why: string }

/** Runs seeds of the simulation in a copy of the repository, from the first to the last, until one fails. */
export async function runSeeds(
  copy: string,
  first: number,
  last: number,
  signal: AbortSignal,
): Promise<SeedsResult> {
  const args = ['--conditions=cdrstream-source', script, String(first), String(last)]
  const ended = await runProgram(copy, args, signal)
  if (ended === undefined) return { kind: 'broken', why: 'the simulation did not finish' }
  if (ended.code !== 0) return { kind: 'broken', why: `the simulation crashed: ${lastLine(ended.errors)}` }
  const line = lastLine(ended.output)
  const [seed = '', ...how] = line.split(' ')
  return line === '' ? { kind: 'passed' } : { kind: 'failed', seed: Number(seed), how: how.join(' ') }
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? ''
}
