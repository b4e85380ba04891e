import {
  createSimulator,
  type LedgerEntry,
  type Simulator,
  type SimulatorServer,
  type SimulatorTerms,
  serveSimulator,
} from '@cdrstream/simulator'

/** The documented terms, 60 times faster, with a minute of records. A minute passes in a second. */
export const demoTerms: SimulatorTerms = {
  pageSize: { min: 500, max: 500 },
  initialRequests: { count: 1, perMs: 1_000 },
  pageRequests: { count: 10, perMs: 1_000 },
  settleMs: 1_000,
  retentionMs: 60_000,
  maxWindowMs: 10_000,
}

export const demoOrg = { name: 'acme', token: 'token-of-the-demo', recordsPerMinute: 48_000 }

/** Starts a demo's API, with late, repeated and revised records and with faults. */
export interface DemoSimulator {
  readonly simulator: Simulator
  readonly server: SimulatorServer
}

export async function startDemoSimulator(): Promise<DemoSimulator> {
  const simulator = createSimulator({
    seed: Date.now(),
    clock: { nowMs: Date.now },
    orgs: [demoOrg],
    terms: demoTerms,
    mix: {
      insertionDelayMs: 300,
      lateShare: 0.05,
      lateMaxMs: 4_000,
      repeatShare: 0.003,
      revisionShare: 0.01,
      twinShare: 0.001,
    },
    faults: { 'server-error': 0.02, drop: 0.01, cut: 0.01, malformed: 0.01 },
  })
  return { simulator, server: await serveSimulator(simulator) }
}

/** Returns the record revisions that the API has returned in complete responses. */
export function countShown({ ledger }: Simulator): number {
  return count(ledger.entries.values(), ({ shownMs }) => shownMs !== null)
}

/** Returns how many revisions could be read before this time but were not in a complete response yet. */
export function countUnread({ ledger }: Simulator, sinceMs: number): number {
  return count(
    ledger.entries.values(),
    ({ shownMs, availableMs }) => shownMs === null && availableMs <= sinceMs,
  )
}

function count(entries: Iterable<LedgerEntry>, wanted: (entry: LedgerEntry) => boolean): number {
  let found = 0
  for (const entry of entries) if (entry.isRecord && wanted(entry)) found += 1
  return found
}
