import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isSinkName } from './sink-name.ts'
import { writeNewSink } from './write-new-sink.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'cdrstream-new-sink-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

test.each(['table', 'network'] as const)(
  'the files of a new sink for a %s contain its name and no placeholder',
  (destination) => {
    const at = join(directory, 'in', 'depth')

    const written = writeNewSink({ name: 'call-hook', destination, version: '1.2.3' }, at)

    const files = readdirSync(at).sort()
    expect(written).toEqual({ kind: 'written', files })
    expect(files).toEqual(
      expect.arrayContaining([
        '.gitignore',
        'call-hook.certification.ts',
        'call-hook.test.ts',
        'call-hook.ts',
      ]),
    )
    for (const file of files) expect(readFileSync(join(at, file), 'utf8')).not.toMatch(/\{\{|\}\}/)
    expect(JSON.parse(readFileSync(join(at, 'package.json'), 'utf8'))).toMatchObject({
      name: 'call-hook',
      dependencies: { '@cdrstream/plugin': '^1.2.3' },
    })
  },
)

test('existing files stay as they are', () => {
  writeFileSync(join(directory, 'mine'), 'x')
  mkdirSync(join(directory, 'full'))
  writeFileSync(join(directory, 'full', '.hidden'), 'x')

  const mine = { name: 'my-sink', destination: 'table', version: '1.0.0' } as const
  for (const place of ['.', 'full', 'mine', 'mine/below']) {
    expect(writeNewSink(mine, join(directory, place)).kind).toBe('problem')
  }
  expect(readdirSync(directory).sort()).toEqual(['full', 'mine'])
  expect(readdirSync(join(directory, 'full'))).toEqual(['.hidden'])
})

test.each(['my-sink', 'a', 's3', 'a'.repeat(40)])('%j is a valid name', (name) => {
  expect(isSinkName(name)).toBe(true)
})

test.each([
  '',
  'My-Sink',
  '3s',
  '-a',
  'a-',
  'a--b',
  'a_b',
  'a.b',
  '../a',
  '@a/b',
  'ä',
  'a b',
  'a\n',
  'a'.repeat(41),
  'file',
  'postgres',
  'elasticsearch',
  'cdrstream',
  'receiver',
])('%j is not a valid name', (name) => {
  expect(isSinkName(name)).toBe(false)
})
