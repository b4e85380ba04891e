import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { Mutant } from '../src/mutant.ts'
import { root } from '../src/repository.ts'
import { withScratchCopies } from '../src/scratch-copies.ts'
import { tryMutant } from '../src/try-mutant.ts'

const file = 'packages/core/src/home.ts'
const base = { file, caughtBy: 'packages/core/src/home.test.ts' }
const find = 'return dayOf(believable ? startTimeMs : acceptedAtMs)'
const mutants: readonly (Mutant & { readonly says: unknown })[] = [
  {
    ...base,
    name: 'start-time-ignored',
    find,
    replace: 'return dayOf(acceptedAtMs)',
    says: { kind: 'caught', by: expect.stringContaining('home') },
  },
  {
    ...base,
    name: 'nothing-changes',
    find,
    replace: `${find} // The same.`,
    says: { kind: 'missed', why: expect.stringContaining('passed') },
  },
  {
    ...base,
    name: 'does-not-load',
    find,
    replace: 'return (',
    says: { kind: 'missed', why: expect.stringContaining('no assertion failed') },
  },
  {
    ...base,
    name: 'is-outdated',
    find: 'what this file never had',
    replace: '',
    says: { kind: 'missed', why: expect.stringContaining('not found') },
  },
]

it('a planted bug is caught by an assertion alone, in a copy that has its source back afterwards', async () => {
  const source = readFileSync(join(root, file), 'utf8')
  await withScratchCopies(1, async ({ copies: [copy = ''], signal }) => {
    for (const { says, ...mutant } of mutants) {
      expect(await tryMutant(mutant, copy, signal), mutant.name).toEqual(says)
      expect(readFileSync(join(copy, file), 'utf8')).toBe(source)
    }
  })
  expect(readFileSync(join(root, file), 'utf8')).toBe(source)
})
