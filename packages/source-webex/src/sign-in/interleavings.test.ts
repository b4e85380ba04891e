import { type SignInFault, signInFaults } from '@cdrstream/simulator'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { systemError } from '../../test/support/memory-token-files.ts'
import { minuteMs, signInWorld, startMs, tokenPath } from '../../test/support/sign-in-world.ts'
import type { SignIn } from './sign-in.ts'
import { createTokenFile } from './token-file.ts'
import type { TokenStore } from './token-store.ts'

const never = new AbortController().signal
const lifeMs = 10 * minuteMs
const troubleMs = 60 * minuteMs

type World = ReturnType<typeof signInWorld>

/** One of a collector's requests. */
interface Caller {
  readonly atMs: number
  /** The caller gives up before it has a token. */
  readonly leavesAfterMs: number | null
}

const time = fc.integer({ min: 0, max: troubleMs })
/** Calls arrive in groups, so that several callers share a renewal. */
const callers = fc
  .array(
    fc.record({
      atMs: time,
      howMany: fc.integer({ min: 1, max: 8 }),
      spreadMs: fc.integer({ min: 0, max: 3_000 }),
      leavesAfterMs: fc.option(fc.integer({ min: 0, max: 2_000 }), { freq: 3 }),
    }),
    { minLength: 5, maxLength: 30 },
  )
  .map((bunches) =>
    bunches.flatMap(({ atMs, howMany, spreadMs, leavesAfterMs }) =>
      Array.from(
        { length: howMany },
        (_, number): Caller => ({ atMs: atMs + number * spreadMs, leavesAfterMs }),
      ),
    ),
  )

const plans = fc.record({
  seed: fc.integer({ min: 1, max: 1_000_000 }),
  rotation: fc.constantFrom('off' as const, 'honoured' as const),
  delaysMs: fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1, maxLength: 10 }),
  callers,
  /** The times at which access tokens are revoked early. */
  endsMs: fc.array(time, { maxLength: 3 }),
  faults: fc.array(fc.constantFrom<SignInFault>(...signInFaults), { maxLength: 6 }),
  /** Which of the store's saves fail. */
  failingSaves: fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 3 }),
})

test('any interleaving of requests, renewals, faults and revocations ends with a valid token', async () => {
  await fc.assert(
    fc.asyncProperty(plans, async (plan) => {
      let delay = 0
      const world = signInWorld({
        seed: plan.seed,
        behaviour: { rotation: plan.rotation, accessTokenMs: lifeMs },
        delayMs: () => plan.delaysMs[delay++ % plan.delaysMs.length] ?? 1,
      })
      const signIn = world.start({ store: failingStore(world, plan.failingSaves) })
      world.simulator.failNextSignIn(...plan.faults)
      for (const atMs of plan.endsMs) {
        world.time.at(startMs + atMs, () => world.simulator.endTokens('acme', 'access-tokens'))
      }
      const refusals: string[] = []
      for (const caller of plan.callers) {
        world.time.at(startMs + caller.atMs, () => void call(world, signIn, caller, refusals))
      }
      await world.pass(troubleMs)
      world.simulator.heal()
      await world.pass(10 * minuteMs)

      // One renewal at a time, and none without a reason.
      const requests = world.tokenRequests()
      expect(Math.max(0, ...requests.map(({ atOnce }) => atOnce))).toBeLessThanOrEqual(1)
      const most = 1 + (troubleMs + 10 * minuteMs) / (lifeMs * 0.8) + plan.endsMs.length + plan.faults.length
      expect(requests.length).toBeLessThanOrEqual(most)
      // None of this is a permanent problem, so the API accepts the token afterwards. For a few minutes, two
      // tokens that are revoked early may look like an API that accepts none.
      const excused = revokesTwoTokens(plan, requests) ? ['new-access-token-refused'] : []
      expect(refusals.filter((code) => !excused.includes(code))).toEqual([])
      expect(await statusLikeCollector(world, signIn)).toBe(400)
      // A restart also succeeds.
      const restarted = await world.run(() => world.start().accessToken(never))
      expect(restarted.kind).toBe('token')
    }),
    { numRuns: 200 },
  )
})

/** Two revocations, or one that affects both the current token and its successor in transit. */
function revokesTwoTokens(
  { endsMs, delaysMs }: { readonly endsMs: readonly number[]; readonly delaysMs: readonly number[] },
  requests: ReturnType<World['tokenRequests']>,
): boolean {
  const longestWayMs = Math.max(...delaysMs)
  const meetsSuccessor = endsMs.some((endMs) =>
    requests.some(({ atMs }) => atMs <= startMs + endMs && startMs + endMs <= atMs + longestWayMs),
  )
  return endsMs.length > 1 || meetsSuccessor
}

/** Returns the status of a request with a token, after a retry if the token expired in transit. */
async function statusLikeCollector(world: World, signIn: SignIn): Promise<number> {
  const ask = async (): Promise<number> => {
    const outcome = await world.run(() => signIn.accessToken(never))
    if (outcome.kind !== 'token') throw new Error(`no token: ${outcome.kind}`)
    const status = await world.run(() => world.statusOf(outcome.token))
    if (status === 401) expect(signIn.refused(outcome.token)).toBe(undefined)
    return status
  }
  const status = await ask()
  return status === 401 ? ask() : status
}

async function call(
  world: World,
  signIn: SignIn,
  { leavesAfterMs }: Caller,
  refusals: string[],
): Promise<void> {
  const leaving = new AbortController()
  if (leavesAfterMs !== null) world.time.at(world.time.nowMs + leavesAfterMs, () => leaving.abort())
  try {
    const outcome = await signIn.accessToken(leaving.signal)
    if (outcome.kind === 'refused') refusals.push(outcome.code)
    if (outcome.kind !== 'token') return
    const status = await world.statusOf(outcome.token)
    if (status === 401) {
      const refused = signIn.refused(outcome.token)
      if (refused !== undefined) refusals.push(refused.code)
    } else signIn.accepted(outcome.token)
  } catch (error) {
    if (!leaving.signal.aborted) throw error
  }
}

function failingStore(world: World, failingSaves: readonly number[]): TokenStore {
  const store = createTokenFile(tokenPath, world.files)
  let saves = 0
  return {
    load: store.load,
    async save(signIn) {
      const fails = failingSaves.includes(saves++) && world.time.nowMs < startMs + troubleMs
      if (fails) throw systemError('EIO')
      await store.save(signIn)
    },
  }
}
