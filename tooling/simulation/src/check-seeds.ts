import { runSeed } from './run-seed.ts'
import { SituationBook } from './situations.ts'

/** What a run of many seeds came to. */
export interface SeedsResult {
  /** One line a seed that went wrong, with how to replay it. */
  readonly failed: readonly string[]
  /** Situations that no seed reached. */
  readonly unreached: readonly string[]
  readonly records: number
  readonly kills: number
}

const seedsForAll = 100

export async function checkSeeds(seeds: readonly number[]): Promise<SeedsResult> {
  const situations = new SituationBook()
  const failed: string[] = []
  let kills = 0
  let records = 0
  for (const seed of seeds) {
    const result = await runSeed(seed, situations)
    kills += result.kills
    records += result.records
    if (result.findings.length === 0) continue
    const { features, findings } = result
    failed.push(
      `seed ${seed} (${features.join(', ')}): ${findings.join('; ')}; replay with npm run seed -- ${seed}`,
    )
  }
  // Each theme comes round within this many seeds. A single one has its own world, and not all of them.
  const unreached = seeds.length >= seedsForAll ? situations.missing() : []
  return { failed, unreached, records, kills }
}

/**
 * The seeds of this run: `CDRSTREAM_SEED=17` that one alone, `CDRSTREAM_SEEDS=1000` that many. Of several
 * files each takes its part.
 */
export function chosenSeeds(part: number, parts: number): readonly number[] {
  const { CDRSTREAM_SEED: only, CDRSTREAM_SEEDS: count = '200' } = process.env
  const seeds =
    only === undefined ? Array.from({ length: Number(count) }, (_, index) => index + 1) : [Number(only)]
  return seeds.filter((seed) => seed % parts === part)
}
