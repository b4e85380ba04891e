import { createSimulator, type SignInBehaviour, type SignInFaultShares } from '@cdrstream/simulator'
import { ProcessClock, VirtualTime } from '@cdrstream-internal/virtual-time'
import {
  createRenewingSignIn,
  createTokenFile,
  type RenewingSignInOptions,
  type SignInEvent,
  type TokenStore,
  type Transport,
} from '../../src/index.ts'
import type { TokenFiles } from '../../src/sign-in/token-files.ts'
import { MemoryTokenFiles } from './memory-token-files.ts'
import { simulatedTransport } from './simulated-transport.ts'

export const startMs = Date.UTC(2026, 8, 24)
export const minuteMs = 60_000
export const dayMs = 86_400_000
export const tokenPath = '/data/sign-in/acme.json'

export const secret = (text: string) => ({ reveal: () => text })

/** Canaries, which may appear only in requests and in the token file. */
export const signIn = { clientId: 'client', clientSecret: 'canary-client', refreshToken: 'canary-refresh' }

export interface World {
  readonly behaviour?: Partial<SignInBehaviour>
  readonly faults?: SignInFaultShares
  readonly delayMs?: () => number
  readonly seed?: number
}

/** Creates a simulated Webex with one org in virtual time, and files that survive the test's processes. */
export function signInWorld({ behaviour = {}, faults = {}, delayMs = () => 50, seed = 1 }: World = {}) {
  const time = new VirtualTime(startMs)
  const simulator = createSimulator({
    seed,
    clock: { nowMs: () => time.nowMs },
    orgs: [{ name: 'acme', signIn, recordsPerMinute: 0 }],
    signIn: behaviour,
    signInFaults: faults,
    terms: {
      pageSize: { min: 1, max: 5_000 },
      initialRequests: { count: 1_000_000, perMs: minuteMs },
      pageRequests: { count: 1_000_000, perMs: minuteMs },
      settleMs: minuteMs,
      retentionMs: 12 * 60 * minuteMs,
      maxWindowMs: 2 * 60 * minuteMs,
    },
  })
  const files = new MemoryTokenFiles()
  const transport = simulatedTransport(simulator, time, delayMs)
  const events: SignInEvent[] = []
  return {
    time,
    simulator,
    files,
    transport,
    events,
    tokenRequests: () => simulator.ledger.tokenRequests,
    /** Creates a new process's sign-in. */
    start(more: Partial<RenewingSignInOptions> & { readonly tokenFiles?: TokenFiles } = {}) {
      const { tokenFiles = files, ...options } = more
      return createRenewingSignIn({
        clientId: signIn.clientId,
        clientSecret: secret(signIn.clientSecret),
        refreshToken: secret(signIn.refreshToken),
        store: createTokenFile(tokenPath, tokenFiles) satisfies TokenStore,
        clock: new ProcessClock(time, () => false),
        transport,
        onEvent: (event) => void events.push(event),
        ...options,
      })
    },
    /** Returns the status of a request with this token. 400 means that the token was accepted. */
    async statusOf(token: string, by: Transport = transport): Promise<number> {
      const { status } = await by({
        url: 'https://analytics-calling.webexapis.com/v1/cdr_stream?startTime=x',
        headers: { authorization: `Bearer ${token}` },
        signal: new AbortController().signal,
      })
      return status
    },
    /** Runs the work in virtual time. */
    async run<Result>(work: () => Promise<Result>): Promise<Result> {
      let outcome: { readonly result: Result } | { readonly error: unknown } | undefined
      void work().then(
        (result) => {
          outcome = { result }
        },
        (error: unknown) => {
          outcome = { error }
        },
      )
      await time.passUntil(time.nowMs + 400 * dayMs, () => outcome !== undefined)
      if (outcome === undefined) throw new Error('the work did not end within 400 days of virtual time')
      if ('error' in outcome) throw outcome.error
      return outcome.result
    },
    pass: (ms: number) => time.passUntil(time.nowMs + ms),
  }
}
