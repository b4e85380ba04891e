import type { Ledger, RequestEntry } from './ledger.ts'
import type { SimulatorTerms } from './terms.ts'

export interface RateViolation {
  readonly kind: RequestEntry['kind']
  readonly credential: string
  /** The request that was one too many. */
  readonly atMs: number
}

/** Requests that were one too many in the sliding span that ends with them, by their arrival. */
export function findRateViolations(ledger: Ledger, terms: SimulatorTerms): readonly RateViolation[] {
  const arrivals = new Map<string, number[]>()
  const violations: RateViolation[] = []
  for (const { kind, credential, atMs } of ledger.requests) {
    const { count, perMs } = kind === 'initial' ? terms.initialRequests : terms.pageRequests
    const id = `${kind}|${credential}`
    const recent = (arrivals.get(id) ?? []).filter((earlierMs) => earlierMs > atMs - perMs)
    recent.push(atMs)
    arrivals.set(id, recent)
    if (recent.length > count) violations.push({ kind, credential, atMs })
  }
  return violations
}
