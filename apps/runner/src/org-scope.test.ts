import { expect, test } from 'vitest'
import { orgScope } from './org-scope.ts'

test('the scope of an org without a filter is its name', () => {
  expect(orgScope({ name: 'acme', locations: [] })).toBe('acme')
})

test('a different filter is a different scope, and the order of its names does not matter', () => {
  const scope = orgScope({ name: 'acme', locations: ['Berlin', 'Paris'] })

  expect(orgScope({ name: 'acme', locations: ['Paris', 'Berlin'] })).toBe(scope)
  expect(orgScope({ name: 'acme', locations: ['Paris'] })).not.toBe(scope)
  expect(orgScope({ name: 'other', locations: ['Berlin', 'Paris'] })).not.toBe(scope)
})

test('the scope is the same in every version, because a different scope would read everything again', () => {
  expect(orgScope({ name: 'acme', locations: ['Berlin'] })).toBe('acme/a0a0735d711c160f')
})
