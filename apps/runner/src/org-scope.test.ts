import { expect, test } from 'vitest'
import { orgScope } from './org-scope.ts'

test('an org without a filter has its own name', () => {
  expect(orgScope({ name: 'acme', locations: [] })).toBe('acme')
})

test('another filter begins its own coverage; the order of its names means nothing', () => {
  const scope = orgScope({ name: 'acme', locations: ['Berlin', 'Paris'] })

  expect(orgScope({ name: 'acme', locations: ['Paris', 'Berlin'] })).toBe(scope)
  expect(orgScope({ name: 'acme', locations: ['Paris'] })).not.toBe(scope)
  expect(orgScope({ name: 'other', locations: ['Berlin', 'Paris'] })).not.toBe(scope)
})

test('the scope is the same in every version: another one would read everything again', () => {
  expect(orgScope({ name: 'acme', locations: ['Berlin'] })).toBe('acme/a0a0735d711c160f')
})
