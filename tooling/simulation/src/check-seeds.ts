import { runSeed } from './run-seed.ts'
import { SituationBook } from './situations.ts'

/** The result of many seeds. */
export interface SeedsResult {
  /** One line for each seed that failed, with the command to replay it. */
  readonly failed: readonly string[]
  /** Situations that no seed brought about. */
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
  // Fewer seeds cannot be expected to bring about every situation.
  const unreached = seeds.length >= seedsForAll ? situations.missing() : []
  return { failed, unreached, records, kills }
}

/**
 * Returns the seeds of this run: only seed 17 with `CDRSTREAM_SEED=17`, or 1,000 seeds with
 * `CDRSTREAM_SEEDS=1000` (default: 200). The seeds are divided into `parts`, of which this one is `part`.
 */
export function chosenSeeds(part: number, parts: number): readonly number[] {
  const { CDRSTREAM_SEED: only, CDRSTREAM_SEEDS: count = '200' } = process.env
  const seeds =
    only === undefined ? Array.from({ length: Number(count) }, (_, index) => index + 1) : [Number(only)]
  return seeds.filter((seed) => seed % parts === part)
}
