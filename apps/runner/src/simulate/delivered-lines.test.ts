import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { deliveredLines } from './delivered-lines.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'cdrstream-lines-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

function write(path: string, ...lines: readonly string[]) {
  mkdirSync(join(directory, path, '..'), { recursive: true })
  writeFileSync(join(directory, path), lines.map((line) => `${line}\n`).join(''))
}

test("each line has its org and the API's text, byte for byte", async () => {
  write(
    'acme/2026-11-24/a.ndjson',
    '{"a": 1.0,"@cdrstream":{"org":"acme","rank":1}}',
    '{"@cdrstream":{"org":"acme"}}',
  )
  write('other/2026-11-24/b.ndjson', '{"x":"\\"@cdrstream\\":{","@cdrstream":{"org":"other"}}')

  const lines = await deliveredLines(directory)

  expect(lines).toHaveLength(3)
  expect(lines).toEqual(
    expect.arrayContaining([
      { org: 'acme', text: '{}' },
      { org: 'acme', text: '{"a": 1.0}' },
      { org: 'other', text: '{"x":"\\"@cdrstream\\":{"}' },
    ]),
  )
})

test('a line that occurs twice counts twice', async () => {
  write('acme/day/a.ndjson', '{"a":1,"@cdrstream":{"org":"acme"}}')
  write('acme/day/b.ndjson', '{"a":1,"@cdrstream":{"org":"acme"}}')

  expect(await deliveredLines(directory)).toHaveLength(2)
})

test('unfinished files do not count as published', async () => {
  write('.work/a.ndjson', '{"a":1,"@cdrstream":{"org":"acme"}}')

  expect(await deliveredLines(directory)).toEqual([])
})
