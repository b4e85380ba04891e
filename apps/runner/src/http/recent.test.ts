import { expect, test } from 'vitest'
import { recent } from './recent.ts'

test('concurrent and closely following calls share one result', async () => {
  let nowMs = 0
  let runs = 0
  const read = recent(
    async () => (runs += 1),
    1_000,
    () => nowMs,
  )

  expect(await Promise.all([read(), read(), read()])).toEqual([1, 1, 1])
  nowMs = 999
  expect(await read()).toBe(1)
  nowMs = 1_000
  expect(await read()).toBe(2)
})

test('a failure is returned but not cached', async () => {
  let runs = 0
  const read = recent(async () => {
    runs += 1
    if (runs === 1) throw new Error('failed')
    return runs
  }, 1_000)

  await expect(read()).rejects.toThrow('failed')
  expect(await read()).toBe(2)
})
