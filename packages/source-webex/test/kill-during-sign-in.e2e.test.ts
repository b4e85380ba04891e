import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { createSimulator, type SignInBehaviour, serveSimulator } from '@cdrstream/simulator'
import { expect, onTestFinished, test } from 'vitest'

const signIn = { clientId: 'client', clientSecret: 'canary-client', refreshToken: 'canary-refresh' }
const program = fileURLToPath(new URL('./support/sign-in-until-killed.ts', import.meta.url))
const perMs = 60_000

/** Starts a simulator whose token lifetime is so short that a renewal is almost always in progress. */
async function serve(rotation: SignInBehaviour['rotation']) {
  const directory = await mkdtemp(join(tmpdir(), 'cdrstream-kill-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const simulator = createSimulator({
    seed: 1,
    clock: { nowMs: Date.now },
    orgs: [{ name: 'acme', signIn, recordsPerMinute: 0 }],
    signIn: { accessTokenMs: 250, rotation },
    terms: {
      pageSize: { min: 1, max: 5_000 },
      initialRequests: { count: 1_000_000, perMs },
      pageRequests: { count: 1_000_000, perMs },
      settleMs: 1_000,
      retentionMs: 12 * 60 * perMs,
      maxWindowMs: 2 * 60 * perMs,
    },
  })
  const server = await serveSimulator(simulator)
  onTestFinished(() => server.close())
  const path = join(directory, 'sign-in', 'acme.json')
  const parameters = [server.baseUrl, server.tokenUrl, path, ...Object.values(signIn)]
  return { simulator, parameters }
}

/** Runs the program and kills it once it has printed this many lines after `begins`. Returns all lines. */
async function runUntilKilled(
  parameters: readonly string[],
  { lines, begins }: { readonly lines: number; begins(): boolean },
): Promise<readonly string[]> {
  const child = spawn(process.execPath, ['--conditions=cdrstream-source', program, ...parameters], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const closed = once(child, 'close')
  const printed: string[] = []
  let counted = 0
  for await (const line of createInterface({ input: child.stdout })) {
    printed.push(line)
    if (begins()) counted += 1
    if (counted === lines) child.kill('SIGKILL')
  }
  await closed
  return printed
}

test.each(['off', 'honoured'] as const)(
  'a sign-in survives kill -9 at any moment: rotation %s',
  async (rotation) => {
    const { simulator, parameters } = await serve(rotation)
    const printed = new Set<string>()
    for (let kill = 0; kill < 12; kill += 1) {
      // First, it signs in and renews twice, on a machine of any speed. The number of lines after that grows,
      // which spreads the kills over the lifetime of a token.
      const before = simulator.ledger.tokenRequests.length
      const begins = () => simulator.ledger.tokenRequests.length >= before + 3
      for (const line of await runUntilKilled(parameters, { lines: 1 + 7 * kill, begins })) printed.add(line)
    }
    // A token that lives a quarter of a second may expire in transit. The answer is then a 401, and the next
    // token succeeds.
    printed.delete('failed')
    expect([...printed]).toEqual(['page'])
    expect(simulator.ledger.tokenRequests.length).toBeGreaterThan(24)
    expect(new Set(simulator.ledger.tokenRequests.map(({ status }) => status))).toEqual(new Set([200]))
  },
)
