import type { RequestKind } from '@cdrstream/core/budget'
import {
  createSimulator,
  documentedTerms,
  type RateViolation,
  type Simulator,
  type SimulatorOptions,
} from '@cdrstream/simulator'
import type { VirtualTime } from '@cdrstream-internal/virtual-time'

/** The server as a client sees it: it answers requests with 429 or not, and keeps its own ledger. */
export interface LimitedServer {
  /** Handles a request with the credential. Returns whether the response is 429. */
  arrive(kind: RequestKind): boolean
  /** Returns the requests that exceeded the limit, according to its own ledger. */
  violations(): readonly RateViolation[]
  readonly requests: number
  /** The number of requests that were answered with 429. */
  readonly refused: number
}

const token = 'token'

export function limitedServer(time: VirtualTime, behaviour: SimulatorOptions['behaviour']): LimitedServer {
  const simulator: Simulator = createSimulator({
    seed: 1,
    clock: { nowMs: () => time.nowMs },
    terms: documentedTerms,
    orgs: [{ name: 'all', token, credential: 'shared', recordsPerMinute: 0 }],
    ...(behaviour && { behaviour }),
  })
  simulator.stopCalls()
  const { requests } = simulator.ledger
  return {
    arrive(kind) {
      const toMs = time.nowMs - 2 * documentedTerms.settleMs
      const window = `startTime=${iso(toMs - 60_000)}&endTime=${iso(toMs)}&max=500`
      const url = `/v1/cdr_stream?${window}${kind === 'page' ? '&totalCount=1&orgId=x' : ''}`
      return (
        simulator.handle({ method: 'GET', url, headers: { authorization: `Bearer ${token}` } }).status === 429
      )
    },
    violations: () => simulator.rateViolations(),
    get requests() {
      return requests.length
    },
    get refused() {
      return requests.filter(({ status }) => status === 429).length
    },
  }
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
