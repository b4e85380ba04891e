import { expect, it } from 'vitest'
import { runSeed } from './run-seed.ts'
import { SituationBook } from './situations.ts'

it('running a seed twice gives exactly the same result', async () => {
  const [first, second] = [await runSeed(11, new SituationBook()), await runSeed(11, new SituationBook())]
  expect(first.records).toBeGreaterThan(0)
  expect(second).toEqual(first)
})
