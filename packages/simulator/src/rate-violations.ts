import type { Ledger, RequestEntry } from './ledger.ts'
import type { SimulatorTerms } from './terms.ts'

/** A request that exceeded the rate limit. */
export interface RateViolation {
  readonly kind: RequestEntry['kind']
  readonly credential: string
  /** When the request arrived, in milliseconds since 1970, UTC. */
  readonly atMs: number
}

/** Returns the requests that exceeded the limit over the sliding window that ends with their arrival. */
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
