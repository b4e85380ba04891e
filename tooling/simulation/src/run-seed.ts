import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkWorld } from './oracle/check-world.ts'
import type { SituationBook } from './situations.ts'
import { World } from './world/world.ts'

/** What a seed came to. */
export interface SeedResult {
  readonly seed: number
  /** What is special about its world. */
  readonly features: readonly string[]
  /** What was wrong; empty: nothing. */
  readonly findings: readonly string[]
  readonly kills: number
  /** Records that the journal took. */
  readonly records: number
  /** A digest of all that the sinks hold, in order: the same seed, the same digest. */
  readonly digest: string
}

/** In memory where there is such a place: the journal syncs each commit, and the simulation does not test the disk. */
const scratch = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

/**
 * Runs the whole collector under virtual time, with the faults and crashes that the seed draws, drains it
 * without any, and checks it.
 */
export async function runSeed(seed: number, situations: SituationBook): Promise<SeedResult> {
  const directory = await mkdtemp(join(scratch, 'cdrstream-seed-'))
  await mkdir(join(directory, '0'))
  const world = new World(seed, directory, situations)
  try {
    await world.run()
    await checkWorld(world, situations)
    const { plan, findings, book, life } = world
    return {
      seed,
      features: plan.features,
      findings: findings.list(),
      kills: life.kills,
      records: book.acceptances.length,
      digest: world.digest(),
    }
  } finally {
    await world.close()
    await rm(directory, { recursive: true })
  }
}
