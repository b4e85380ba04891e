import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { RegionStore } from '@cdrstream/source-webex'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { regionFile, regionPath } from './region-file.ts'

let directory: string
let warnings: unknown[]

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'cdrstream-region-'))
  warnings = []
})
afterEach(() => rmSync(directory, { recursive: true }))

const found = { baseUrl: 'https://analytics-calling.webexapis.com/v1', host: 'h:1' }

function store(org = 'acme'): RegionStore {
  const nothing = () => {}
  return regionFile(regionPath(join(directory, 'x.db'), org), org, {
    debug: nothing,
    info: nothing,
    warn: (_, fields) => void warnings.push(fields?.code),
    error: nothing,
  })
}

test('the region is stored beside the journal in a file that is private to its owner', async () => {
  expect(await store().load()).toBeUndefined()
  await store().save(found)
  expect(await store().load()).toEqual(found)
  expect(await store('blue').load()).toBeUndefined()
  expect(readdirSync(join(directory, 'region'))).toEqual(['acme.json'])
  expect(statSync(join(directory, 'region')).mode & 0o777).toBe(0o700)
  expect(statSync(join(directory, 'region/acme.json')).mode & 0o777).toBe(0o600)
  expect(warnings).toEqual([])
})

test('the last stored region is used, and an unfinished file does no harm', async () => {
  await store().save(found)
  writeFileSync(join(directory, 'region/acme.json.new'), '{')
  await store().save({ ...found, host: 'h:2' })
  expect(await store().load()).toEqual({ ...found, host: 'h:2' })
})

test.each(['', '{', 'null', '[]', '{"host":1}', '{"baseUrl":"x"}'])(
  'the file content %j is ignored, and a warning is logged',
  async (text) => {
    await store().save(found)
    writeFileSync(join(directory, 'region/acme.json'), text)
    expect(await store().load()).toBeUndefined()
    expect(warnings).toEqual(['region-not-kept'])
  },
)

test('an error while writing is only logged', async () => {
  const path = join(directory, 'region/acme.json')
  writeFileSync(dirname(path), 'a file in the place of the directory')
  await store().save(found)
  expect(warnings).toEqual(['region-not-kept'])
})

test('a file that every user can write is ignored, and a warning is logged', async () => {
  await store().save(found)
  chmodSync(join(directory, 'region/acme.json'), 0o666)
  expect(await store().load()).toBeUndefined()
  expect(warnings).toEqual(['region-not-kept'])
})
