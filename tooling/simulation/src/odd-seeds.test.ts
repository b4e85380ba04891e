import { expect, it } from 'vitest'
import { checkSeeds, chosenSeeds } from './check-seeds.ts'
import { runSeed } from './run-seed.ts'

const seeds = chosenSeeds(1, 2)

it(`nothing is lost, twice, invented or stuck, and the rate limit is kept: ${seeds.length} odd seeds`, {
  timeout: 3_600_000,
}, async () => {
  const { failed, records, kills } = await checkSeeds(seeds)
  console.info(`${seeds.length} seeds: ${records} records shown, ${kills} crashes`)
  expect(failed).toEqual([])
  // A simulation in which nothing happens proves nothing.
  expect(records).toBeGreaterThanOrEqual(100 * seeds.length)
})

it('a seed replays exactly', async () => {
  const [first, second] = [await runSeed(11), await runSeed(11)]
  expect(second.digest).toBe(first.digest)
  expect(second.kills).toBe(first.kills)
})
