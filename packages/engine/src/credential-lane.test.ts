import { Chance } from '@cdrstream-internal/chance'
import { expect, it } from 'vitest'
import type { Flaw } from '../test/support/flaw.ts'
import { LimitedWorld } from '../test/support/limited-world.ts'

async function runWorlds(count: number, flaw: Flaw) {
  const broken: number[] = []
  const kinds = new Set<string>()
  let requests = 0
  let refused = 0
  for (let seed = 1; seed <= count; seed += 1) {
    const result = await new LimitedWorld(new Chance(seed), flaw).run()
    requests += result.requests
    refused += result.refused
    if (result.violations.length > 0) broken.push(seed)
    for (const { kind } of result.violations) kinds.add(kind)
  }
  return { broken, kinds, requests, refused }
}

it('no sliding minute on the server ever has more than one initial request and ten pages', async () => {
  const worlds = 3_000
  const { broken, requests, refused } = await runWorlds(worlds, 'none')
  expect(broken).toEqual([])
  // No limiter, whether sliding minute, fixed minute or token bucket, has refused a request.
  expect(refused).toBe(0)
  expect(requests).toBeGreaterThan(5 * worlds)
})

it.each([
  'counts-from-sending',
  'forgets-on-restart',
  'forgets-unanswered',
  'forgets-on-rename',
  'trusts-the-clock',
  'not-shared',
] as const)('the same ledger catches a client with a bug (%s), for both kinds of requests', async (flaw) => {
  const { kinds } = await runWorlds(300, flaw)
  expect([...kinds].toSorted()).toEqual(['initial', 'page'])
})

it('the same ledger catches a command that does not reserve its request', async () => {
  const { broken } = await runWorlds(50, 'command-unreserved')
  expect(broken).not.toEqual([])
})
