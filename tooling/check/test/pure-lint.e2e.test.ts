import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { root } from '../src/repository.ts'

const copy = mkdtempSync(join(tmpdir(), 'cdrstream-lint-'))
for (const file of ['biome.json', 'tooling/check/lint']) {
  cpSync(join(root, file), join(copy, file), { recursive: true })
}

afterAll(() => rmSync(copy, { recursive: true }))

test.for([
  'Date.now()',
  'Math.random()',
  'new Date()',
  'process.pid',
  'performance.now()',
  'setTimeout(() => 1, 5)',
  'globalThis',
])('the linter rejects %s in pure packages', (expression) => {
  for (const name of ['catalogue', 'plugin', 'core']) {
    expect(lint(`packages/${name}/src/a.ts`, expression)).toBe('refused')
  }
})

test.for([
  ['packages/core/src/a.ts', 'new Date(5)'],
  ['packages/core/src/a.test.ts', 'Date.now()'],
  ['packages/engine/src/a.ts', 'Date.now()'],
] as const)('%s may contain %s', ([file, expression]) => {
  expect(lint(file, expression)).toBe('accepted')
})

function lint(file: string, expression: string): 'accepted' | 'refused' {
  mkdirSync(dirname(join(copy, file)), { recursive: true })
  writeFileSync(join(copy, file), `export const a = ${expression}\n`)
  const { status } = spawnSync('biome', ['lint', '--vcs-enabled=false', file], {
    cwd: copy,
    shell: process.platform === 'win32',
  })
  return status === 0 ? 'accepted' : 'refused'
}
