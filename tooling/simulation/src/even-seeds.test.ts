import { expect, it } from 'vitest'
import { checkSeeds, chosenSeeds } from './check-seeds.ts'

const seeds = chosenSeeds(0, 2)

it(`the oracle finds no violation in the worlds of ${seeds.length} even seeds`, {
  timeout: 3_600_000,
}, async () => {
  const { failed, unreached, records, kills } = await checkSeeds(seeds)
  console.info(`${seeds.length} seeds: ${records} records, ${kills} crashes`)
  expect(failed).toEqual([])
  expect(unreached, 'situations that no seed brought about').toEqual([])
})
