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

/** A simulator whose tokens live so shortly that a renewal is under way nearly always. */
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

/** Runs until so many lines were said since `begins`, then kills. Returns the lines. */
async function runUntilKilled(
  parameters: readonly string[],
  { lines, begins }: { readonly lines: number; begins(): boolean },
): Promise<readonly string[]> {
  const child = spawn(process.execPath, ['--conditions=cdrstream-source', program, ...parameters], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const closed = once(child, 'close')
  const said: string[] = []
  let counted = 0
  for await (const line of createInterface({ input: child.stdout })) {
    said.push(line)
    if (begins()) counted += 1
    if (counted === lines) child.kill('SIGKILL')
  }
  await closed
  return said
}

test.each(['off', 'honoured'] as const)('kill -9 loses no sign-in: rotation %s', async (rotation) => {
  const { simulator, parameters } = await serve(rotation)
  const said = new Set<string>()
  for (let kill = 0; kill < 12; kill += 1) {
    // First it signs in and renews twice, on a machine of any speed. The number of lines after that grows, so
    // that the kills are spread over the life of a token.
    const before = simulator.ledger.tokenRequests.length
    const begins = () => simulator.ledger.tokenRequests.length >= before + 3
    for (const line of await runUntilKilled(parameters, { lines: 1 + 7 * kill, begins })) said.add(line)
  }
  // A token of a quarter of a second may end on its way: that is a 401, and the next token succeeds.
  said.delete('failed')
  expect([...said]).toEqual(['page'])
  expect(simulator.ledger.tokenRequests.length).toBeGreaterThan(24)
  expect(new Set(simulator.ledger.tokenRequests.map(({ status }) => status))).toEqual(new Set([200]))
})
