import { expect, test } from 'vitest'
import { classified } from './classified.ts'

test('returns what the work returns, and classifies what it throws', async () => {
  const classify = (error: unknown) => `classified: ${error}`

  expect(await classified(async () => 'done', classify)).toBe('done')
  expect(await classified(() => Promise.reject('refused'), classify)).toBe('classified: refused')
})
