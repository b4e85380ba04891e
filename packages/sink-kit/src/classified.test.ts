import { expect, test } from 'vitest'
import { classified } from './classified.ts'

test('classified returns the result of the work, or the classified error', async () => {
  const classify = (error: unknown) => `classified: ${error}`

  expect(await classified(async () => 'done', classify)).toBe('done')
  expect(await classified(() => Promise.reject('refused'), classify)).toBe('classified: refused')
})
