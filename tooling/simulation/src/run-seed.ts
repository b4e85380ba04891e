import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkWorld } from './oracle/check-world.ts'
import type { SituationBook } from './situations.ts'
import { World } from './world/world.ts'

/** The result of one seed. */
export interface SeedResult {
  readonly seed: number
  /** The themes of its world. */
  readonly features: readonly string[]
  /** The violations that the oracle found. */
  readonly findings: readonly string[]
  readonly kills: number
  /** How many records the journal accepted. */
  readonly records: number
  /** A digest of the content of all sinks, in order. It is the same for every run of a seed. */
  readonly digest: string
}

/** In memory if possible: the journal syncs each commit, and the simulation does not test the disk. */
const scratch = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

/**
 * Runs the collector in virtual time with the seed's faults and crashes, drains it without faults, and checks
 * it.
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
