import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { builtInSinks } from '../built-in-sinks.ts'
import { loadToCollect } from './load-configuration.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'cdrstream-readme-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

function load(text: string) {
  const file = join(directory, 'cdrstream.yaml')
  writeFileSync(file, text)
  return loadToCollect({ file, builtInSinks, variable: () => 'x' })
}

test('the example in docs/configuration.md is valid and states the defaults', async () => {
  const readme = readFileSync(new URL('../../../../docs/configuration.md', import.meta.url), 'utf8')
  const [, text = ''] = /```yaml\n(.*?)```/s.exec(readme) ?? []
  const shortest = `
orgs: [{ name: acme, auth: { accessToken: "\${X}" } }]
journal: { path: ./data/cdrstream.db }
sinks: [{ name: files, use: file, options: { directory: ./data/records } }]`

  const [full, short] = [await load(text), await load(shortest)]

  if (full.kind === 'problems' || short.kind === 'problems') throw new Error(JSON.stringify([full, short]))
  const { sinks, orgs, ...others } = full.configuration
  expect(short.configuration).toMatchObject(others)
  expect(short.configuration.orgs).toMatchObject(orgs.map(({ auth, ...org }) => org))
  expect(sinks).toMatchObject([{ name: 'files', from: 'earliest' }])
})
