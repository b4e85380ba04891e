import { describe, expect, it } from 'vitest'
import { chanceOf, uuidOf } from './chance.ts'

describe('the random generator', () => {
  it('repeats its output only for the same seed and purpose', () => {
    const drawn = (...purpose: readonly (string | number)[]) => chanceOf(1, ...purpose).hex(32)
    expect(drawn('acme', 5)).toBe(drawn('acme', 5))
    const others = [
      drawn('acme', 5),
      drawn('acme', 6),
      drawn('acme', 5, 0),
      drawn('acmf', 5),
      chanceOf(2, 'acme', 5).hex(32),
    ]
    expect(new Set(others).size).toBe(others.length)
  })

  it('never repeats an ID in as many streams as several hours of calls use', () => {
    const ids = new Set<string>()
    for (let stream = 0; stream < 250_000; stream += 1) {
      ids.add(uuidOf(chanceOf(7, `org-${stream % 50}`, 1_790_000_000 + 61 * stream, stream % 9, stream % 4)))
    }
    expect(ids.size).toBe(250_000)
  })

  it('is uniform', () => {
    const chance = chanceOf(3, 'even')
    const digits = chance.hex(160_000)
    for (const digit of '0123456789abcdef') {
      expect(digits.split(digit).length / 10_000).toBeGreaterThan(0.95)
      expect(digits.split(digit).length / 10_000).toBeLessThan(1.05)
    }
    expect(chance.happens(0)).toBe(false)
    expect(chance.happens(1)).toBe(true)
  })
})
