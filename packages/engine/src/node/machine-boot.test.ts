import { expect, test } from 'vitest'
import { machineBoot } from './machine-boot.ts'

test('a changed clock changes the time of the same boot', () => {
  // Other systems have no boot id.
  if (process.platform !== 'linux') return expect(machineBoot(0)).toBeUndefined()
  const nowMs = Date.now()
  const before = machineBoot(nowMs)
  const after = machineBoot(nowMs + 3_600_000)
  expect(after?.id).toBe(before?.id)
  expect((after?.atMs ?? 0) - (before?.atMs ?? 0)).toBeGreaterThan(3_599_000)
  expect(before?.atMs).toBeLessThan(nowMs)
})
