/** The terms that the simulated API holds its users to. */
export interface SimulatorTerms {
  /** `max` is adjusted to these bounds. */
  readonly pageSize: { readonly min: number; readonly max: number }
  readonly initialRequests: { readonly count: number; readonly perMs: number }
  readonly pageRequests: { readonly count: number; readonly perMs: number }
  readonly settleMs: number
  readonly retentionMs: number
  readonly maxWindowMs: number
}

/** As Cisco documents them for `cdr_stream` (2025-12). */
export const documentedTerms: SimulatorTerms = {
  pageSize: { min: 500, max: 5_000 },
  initialRequests: { count: 1, perMs: 60_000 },
  pageRequests: { count: 10, perMs: 60_000 },
  settleMs: 60_000,
  retentionMs: 12 * 3_600_000,
  maxWindowMs: 2 * 3_600_000,
}

/** The same terms with every duration divided. */
export function scaleTerms(terms: SimulatorTerms, factor: number): SimulatorTerms {
  const { initialRequests, pageRequests } = terms
  return {
    pageSize: terms.pageSize,
    initialRequests: { ...initialRequests, perMs: initialRequests.perMs / factor },
    pageRequests: { ...pageRequests, perMs: pageRequests.perMs / factor },
    settleMs: terms.settleMs / factor,
    retentionMs: terms.retentionMs / factor,
    maxWindowMs: terms.maxWindowMs / factor,
  }
}
