import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { prepareDirectory } from './demo-directory.ts'

let parent: string
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'cdrstream-demo-'))
})
afterEach(() => rmSync(parent, { recursive: true }))

test('a second demo starts afresh and deletes only what the first demo created', () => {
  const path = join(parent, 'demo')
  prepareDirectory(path)
  for (const name of ['records', 'data', 'mine']) {
    mkdirSync(join(path, name))
    writeFileSync(join(path, name, 'x'), '')
  }

  expect(prepareDirectory(path).kind).toBe('directory')
  expect(readdirSync(path).sort()).toEqual(['.cdrstream-demo', 'mine'])
})

test('a directory with other content is refused and stays as it is', () => {
  mkdirSync(join(parent, 'records'))
  writeFileSync(join(parent, 'records', 'x'), '')

  expect(prepareDirectory(parent)).toEqual({ kind: 'foreign', path: parent })
  expect(readdirSync(parent)).toEqual(['records'])
  expect(existsSync(join(parent, 'records', 'x'))).toBe(true)
})

test('an empty directory is accepted', () => {
  expect(prepareDirectory(parent).kind).toBe('directory')
})
