import { expect, test } from 'vitest'
import { tokenPath } from './token-path.ts'

test('the token file is beside the journal and named after the org', () => {
  expect(tokenPath('/data/cdrstream.db', 'acme')).toBe('/data/sign-in/acme.json')
})

test('two orgs have two files, even on a case-insensitive file system', () => {
  const names = ['acme', 'Acme', 'ACME', 'a', 'A'].map((org) => tokenPath('/d/j', org).toLowerCase())

  expect(new Set(names).size).toBe(names.length)
})
