import { expect, it } from 'vitest'
import { checkSeeds, chosenSeeds } from './check-seeds.ts'

const seeds = chosenSeeds(0, 2)

it(`nothing is lost, twice, invented or stuck, and the rate limit is kept: ${seeds.length} even seeds`, {
  timeout: 3_600_000,
}, async () => {
  const { failed, records, kills } = await checkSeeds(seeds)
  console.info(`${seeds.length} seeds: ${records} records shown, ${kills} crashes`)
  expect(failed).toEqual([])
  // A simulation in which nothing happens proves nothing.
  expect(records).toBeGreaterThanOrEqual(100 * seeds.length)
})
