import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { Mutant } from '../src/mutant.ts'
import { root } from '../src/repository.ts'
import { withScratchCopies } from '../src/scratch-copies.ts'
import { tryMutant } from '../src/try-mutant.ts'

const file = 'packages/core/src/home.ts'
const base = { file, caughtBy: 'packages/core/src/home.test.ts' }
const find = 'const ms = isBelievable ? startTimeMs : acceptedAtMs'
const mutants: readonly (Mutant & { readonly verdict: unknown })[] = [
  {
    ...base,
    name: 'start-time-ignored',
    find,
    replace: 'const ms = acceptedAtMs',
    verdict: { kind: 'caught', by: expect.stringContaining('home') },
  },
  {
    ...base,
    name: 'nothing-changes',
    find,
    replace: `${find} // The same.`,
    verdict: { kind: 'missed', why: expect.stringContaining('passed') },
  },
  {
    ...base,
    name: 'does-not-load',
    find,
    replace: 'return (',
    verdict: { kind: 'missed', why: expect.stringContaining('no assertion failed') },
  },
  {
    ...base,
    name: 'is-outdated',
    find: 'text that this file never had',
    replace: '',
    verdict: { kind: 'missed', why: expect.stringContaining('not found') },
  },
]

it('only a failed assertion catches a planted bug, and the source is restored afterwards', async () => {
  const source = readFileSync(join(root, file), 'utf8')
  await withScratchCopies(1, async ({ copies: [copy = ''], signal }) => {
    for (const { verdict, ...mutant } of mutants) {
      expect(await tryMutant(mutant, copy, signal), mutant.name).toEqual(verdict)
      expect(readFileSync(join(copy, file), 'utf8')).toBe(source)
    }
  })
  expect(readFileSync(join(root, file), 'utf8')).toBe(source)
})
