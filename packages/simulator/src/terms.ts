/** The limits that the simulated API enforces. */
export interface SimulatorTerms {
  /** The range that `max` is clamped to. */
  readonly pageSize: { readonly min: number; readonly max: number }
  /** How many initial requests a credential may send per period. */
  readonly initialRequests: { readonly count: number; readonly perMs: number }
  /** How many requests for further pages a credential may send per period. */
  readonly pageRequests: { readonly count: number; readonly perMs: number }
  /** How long after its insertion a record can be read, in milliseconds. */
  readonly settleMs: number
  /** How long after its insertion a record expires, in milliseconds. */
  readonly retentionMs: number
  /** The longest window, in milliseconds. */
  readonly maxWindowMs: number
}

/** The terms that Cisco documents for `cdr_stream` (December 2025). */
export const documentedTerms: SimulatorTerms = {
  pageSize: { min: 500, max: 5_000 },
  initialRequests: { count: 1, perMs: 60_000 },
  pageRequests: { count: 10, perMs: 60_000 },
  settleMs: 60_000,
  retentionMs: 12 * 3_600_000,
  maxWindowMs: 2 * 3_600_000,
}

/** Returns the terms with every duration divided by `factor`. */
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
