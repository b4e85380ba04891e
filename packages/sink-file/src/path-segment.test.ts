import { resolve } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pathSegment } from './path-segment.ts'

describe('a path segment', () => {
  it.each([
    ['acme', 'acme'],
    ['Acme_2.eu-west', 'Acme_2.eu-west'],
    ['..', '%2E.'],
    ['.work', '%2Ework'],
    ['../../etc', '%2E.%2F..%2Fetc'],
    ['a\0b', 'a%00b'],
    ['a\\b c', 'a%5Cb%20c'],
    ['a%2Fb', 'a%252Fb'],
    ['Zoë', 'Zo%C3%AB'],
  ])('for %j is %s', (name, segment) => {
    expect(pathSegment(name)).toBe(segment)
  })

  it('is a single short segment inside the directory for any name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (name) => {
        const segment = pathSegment(name)
        expect(segment).toMatch(/^[A-Za-z0-9_%~-][A-Za-z0-9._%~-]{0,199}$/)
        expect(resolve('/directory', segment)).toBe(`/directory/${segment}`)
      }),
    )
  })

  it('is different for different names', () => {
    const name = fc.oneof(
      fc.string({ maxLength: 3 }),
      fc.string({ minLength: 190, maxLength: 300 }),
      fc.constantFrom('', '~', '.', '%2E', 'x'.repeat(300), 'x'.repeat(301)),
    )
    fc.assert(
      fc.property(name, name, (one, other) => {
        expect(pathSegment(one) === pathSegment(other)).toBe(one === other)
      }),
    )
  })
})
