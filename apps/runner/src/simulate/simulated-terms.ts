import { documentedTerms, type SimulatorTerms, scaleTerms } from '@cdrstream/simulator'
import type { SimulateOptions } from './simulate-options.ts'

/** Returns the documented terms, scaled, except for the given terms. */
export function simulatedTerms(
  options: Pick<SimulateOptions, 'scale' | 'per' | 'settle' | 'retention' | 'maxWindow' | 'pageSize'>,
): SimulatorTerms {
  const scaled = scaleTerms(documentedTerms, options.scale)
  const most = options.pageSize ?? scaled.pageSize.max
  const perOf = ({ count, perMs }: SimulatorTerms['initialRequests']) => ({
    count,
    perMs: options.per ?? wholeMs(perMs),
  })
  return {
    pageSize: { min: Math.min(scaled.pageSize.min, most), max: most },
    initialRequests: perOf(scaled.initialRequests),
    pageRequests: perOf(scaled.pageRequests),
    // The simulated API creates and returns records in whole seconds.
    settleMs: options.settle ?? wholeSeconds(scaled.settleMs),
    retentionMs: options.retention ?? wholeSeconds(scaled.retentionMs),
    maxWindowMs: options.maxWindow ?? wholeSeconds(scaled.maxWindowMs),
  }
}

/** Durations in a configuration are whole numbers. */
function wholeMs(ms: number): number {
  return Math.max(1, Math.round(ms))
}

function wholeSeconds(ms: number): number {
  return Math.max(1_000, Math.round(ms / 1_000) * 1_000)
}
