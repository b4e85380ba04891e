import { globSync } from 'node:fs'
import { expect, test } from 'vitest'
import { root } from './repository.ts'

const outOfPlace = [
  '**/*.{integration,e2e}.test.ts',
  '**/*.certification.ts',
  '**/{test,tests,testing,test-support,e2e,fixtures}/**',
]

test("src contains only unit tests; all other test files are in the package's test folder", () => {
  const patterns = outOfPlace.map((pattern) => `{packages,apps,tooling,examples}/*/src/${pattern}`)
  expect(globSync(patterns, { cwd: root })).toEqual([])
})
