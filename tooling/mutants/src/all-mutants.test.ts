import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { allMutants } from './all-mutants.ts'
import { applyMutant } from './apply-mutant.ts'
import { maxSeeds } from './mutant.ts'
import { root } from './repository.ts'

it.each(allMutants)(
  'the planted bug $name applies to the source, and the test that must catch it exists',
  (mutant) => {
    const source = readFileSync(join(root, mutant.file), 'utf8')
    expect(applyMutant(mutant, source)).not.toBe(source)
    const { caughtBy } = mutant
    if (typeof caughtBy === 'string') expect(existsSync(join(root, caughtBy)), caughtBy).toBe(true)
    else expect(caughtBy.seeds).toBeLessThanOrEqual(maxSeeds)
  },
)

it('each planted bug has a unique name', () => {
  const names = allMutants.map(({ name }) => name)
  expect(names).toEqual([...new Set(names)])
})

it('there are enough planted bugs', () => {
  expect(allMutants.length).toBeGreaterThanOrEqual(40)
})
