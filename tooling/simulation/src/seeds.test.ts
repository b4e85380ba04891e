import { describe, expect, it } from 'vitest'
import { runSeed, type SeedResult } from './index.ts'

/** `CDRSTREAM_SEED=17` runs that one alone, `CDRSTREAM_SEEDS=1000` so many. */
const only = process.env.CDRSTREAM_SEED
const seeds = Number(process.env.CDRSTREAM_SEEDS ?? 200)
const chosen = only === undefined ? Array.from({ length: seeds }, (_, index) => index + 1) : [Number(only)]

function verdict({ sinks, unread, confused, rateViolations, stuck }: SeedResult) {
  const comparisons = [...sinks.values()]
  return {
    lost: comparisons.reduce((sum, { missing }) => sum + missing.length, unread),
    twice: comparisons.reduce((sum, { twice }) => sum + twice, confused),
    invented: comparisons.reduce((sum, { invented }) => sum + invented, 0),
    stuck,
    rateViolations,
  }
}

const clean = { lost: 0, twice: 0, invented: 0, stuck: false, rateViolations: 0 }

describe('the whole collector, with faults and crashes by seed', () => {
  it(`${chosen.length} seeds: nothing lost, twice, invented or stuck, and the rate limit kept`, {
    timeout: 3_600_000,
  }, async () => {
    const failed: string[] = []
    let kills = 0
    let records = 0
    for (const seed of chosen) {
      const result = await runSeed(seed)
      kills += result.kills
      records += result.records
      const found = verdict(result)
      if (JSON.stringify(found) !== JSON.stringify(clean)) {
        failed.push(`seed ${seed}: ${JSON.stringify(found)}; replay with CDRSTREAM_SEED=${seed}`)
      }
      if (only !== undefined) console.info(JSON.stringify({ ...result, sinks: undefined }, null, 1))
    }
    console.info(`${chosen.length} seeds: ${records} records shown, ${kills} crashes`)
    expect(failed).toEqual([])
    expect(records).toBeGreaterThan(chosen.length * 100)
  })

  it('a seed replays exactly', async () => {
    const [first, second] = [await runSeed(11), await runSeed(11)]
    expect(second.digest).toBe(first.digest)
    expect(second.kills).toBe(first.kills)
  })
})
