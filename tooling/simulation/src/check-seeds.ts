import { runSeed, type SeedResult } from './run-seed.ts'

/** What a run of many seeds came to. */
export interface SeedsResult {
  /** One line a seed that went wrong, with how to replay it. */
  readonly failed: readonly string[]
  readonly records: number
  readonly kills: number
}

export async function checkSeeds(seeds: readonly number[]): Promise<SeedsResult> {
  const failed: string[] = []
  let kills = 0
  let records = 0
  for (const seed of seeds) {
    const result = await runSeed(seed)
    kills += result.kills
    records += result.records
    const found = verdict(result)
    if (Object.values(found).every((count) => Number(count) === 0)) continue
    failed.push(`seed ${seed}: ${JSON.stringify(found)}; replay with CDRSTREAM_SEED=${seed}`)
  }
  return { failed, records, kills }
}

/** The seeds of this run: `CDRSTREAM_SEED=17` that one alone, `CDRSTREAM_SEEDS=1000` so many. Of several files each takes its part. */
export function chosenSeeds(part: number, parts: number): readonly number[] {
  const { CDRSTREAM_SEED: only, CDRSTREAM_SEEDS: count = '200' } = process.env
  const seeds =
    only === undefined ? Array.from({ length: Number(count) }, (_, index) => index + 1) : [Number(only)]
  return seeds.filter((seed) => seed % parts === part)
}

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
