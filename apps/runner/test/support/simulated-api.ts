import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Comparison,
  compareWithLedger,
  createSimulator,
  type RecordMix,
  type SigningInOrg,
  type SimulatedOrg,
  type Simulator,
  type SimulatorOptions,
  type SimulatorTerms,
  serveSimulator,
} from '@cdrstream/simulator'
import { expect } from 'vitest'
import { deliveredLines } from '../../src/simulate/delivered-lines.ts'
import { simulatedConfiguration } from '../../src/simulate/simulated-configuration.ts'
import { runCommand } from './start-command.ts'

/** The terms of the API, scaled down so that a minute passes in a second. */
export const terms: SimulatorTerms = {
  pageSize: { min: 500, max: 500 },
  initialRequests: { count: 1, perMs: 1_000 },
  pageRequests: { count: 10, perMs: 1_000 },
  settleMs: 1_000,
  // Longer than a test takes, so that nothing expires on a busy machine.
  retentionMs: 300_000,
  maxWindowMs: 10_000,
}

/** Starts a simulated API on a free port, with a directory that has a configuration for it. */
export interface SimulatedApi extends AsyncDisposable {
  readonly simulator: Simulator
  readonly directory: string
  /** Returns how many revisions could be read before this time but were not in a complete response yet. */
  unread(sinceMs: number): number
  compare(): Promise<Comparison>
  /** Returns the output of `status --json`. */
  status(): Promise<{ readonly journalEnd: number; readonly sinkPosition: number | null }>
}

export async function simulateApi(
  options: Pick<SimulatorOptions, 'seed' | 'faults' | 'behaviour' | 'mix' | 'signIn'> & {
    readonly recordsPerMinute: number
    /** How the orgs sign in. Default: one org, with a token. */
    readonly orgs?: readonly (Pick<SimulatedOrg, 'name' | 'token'> | Pick<SigningInOrg, 'name' | 'signIn'>)[]
  },
): Promise<SimulatedApi> {
  const { recordsPerMinute, orgs: signingIn = [{ name: 'acme', token: 'canary-token' }] } = options
  const orgs = signingIn.map((org) => ({ ...org, recordsPerMinute }))
  const simulator = createSimulator({ ...options, clock: { nowMs: Date.now }, orgs, terms })
  const server = await serveSimulator(simulator)
  const directory = mkdtempSync(join(tmpdir(), 'cdrstream-e2e-'))
  writeFileSync(
    join(directory, 'cdrstream.yaml'),
    simulatedConfiguration({
      baseUrl: server.baseUrl,
      tokenUrl: server.tokenUrl,
      orgs,
      terms,
      // On a busy machine, the first collector starts long after the API.
      start: '60s',
      publishAfter: '1s',
      directories: { data: './data', records: './records' },
    }),
  )
  return {
    simulator,
    directory,
    unread: (sinceMs) =>
      [...simulator.ledger.entries.values()].filter(
        ({ isRecord, shownMs, availableMs }) => isRecord && shownMs === null && availableMs <= sinceMs,
      ).length,
    compare: async () =>
      compareWithLedger(simulator.ledger, await deliveredLines(join(directory, 'records'))),
    status: async () => {
      const { out } = await runCommand(['status', '--json'], { directory })
      const { journal, sinks } = JSON.parse(out)
      return { journalEnd: journal.end, sinkPosition: sinks[0].position }
    },
    [Symbol.asyncDispose]: async () => {
      await server.close()
      rmSync(directory, { recursive: true })
    },
  }
}

/**
 * Waits until the collector has everything that can be read so far. Afterwards, the API returns nothing new.
 */
export async function drain({ simulator, unread }: SimulatedApi): Promise<void> {
  simulator.stopCalls()
  simulator.heal()
  const cutMs = Date.now() + terms.settleMs
  await expect.poll(() => Date.now() > cutMs && unread(cutMs) === 0).toBe(true)
  // Legs of long calls would arrive for minutes.
  simulator.outage(0, Number.POSITIVE_INFINITY)
}

/** Late, repeated and revised records within seconds. */
export const busyMix: Partial<RecordMix> = {
  insertionDelayMs: 300,
  lateShare: 0.05,
  lateMaxMs: 3_000,
  repeatShare: 0.01,
  revisionShare: 0.02,
  twinShare: 0.002,
}
