import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from './repository.ts'

const directory = join(root, '.github', 'workflows')

test.for(readdirSync(directory))('%s pins every action to a commit hash, which no one can move', (name) => {
  const uses = readFileSync(join(directory, name), 'utf8').match(/\buses: .*/g) ?? []
  expect(uses).not.toEqual([])
  expect(uses.filter((use) => !/^uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(use))).toEqual([])
})
