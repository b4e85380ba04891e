import { expect, test } from 'vitest'
import { tokenPath } from './token-path.ts'

test('beside the journal, by the name of the org', () => {
  expect(tokenPath('/data/cdrstream.db', 'acme')).toBe('/data/sign-in/acme.json')
})

test('two orgs have two files, also where capital letters mean nothing', () => {
  const names = ['acme', 'Acme', 'ACME', 'a', 'A'].map((org) => tokenPath('/d/j', org).toLowerCase())

  expect(new Set(names).size).toBe(names.length)
})
