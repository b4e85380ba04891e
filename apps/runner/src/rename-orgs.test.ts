import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defaultTerms, firstProgress } from '@cdrstream/core'
import { openJournal, type SqliteJournal } from '@cdrstream/journal-sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { OrgConfiguration } from './configuration/configuration.ts'
import { Secret } from './configuration/secret.ts'
import { renameOrgs } from './rename-orgs.ts'

let directory: string
let journal: SqliteJournal
let logged: { readonly level: string; readonly fields: Readonly<Record<string, unknown>> }[]

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'cdrstream-rename-'))
  journal = await openJournal({ path: join(directory, 'x.db'), access: 'collector', minFreeDiskBytes: 1 })
  logged = []
})
afterEach(async () => {
  await journal.close()
  rmSync(directory, { recursive: true })
})

const noting =
  (level: string) =>
  (_: string, fields: Readonly<Record<string, unknown>> = {}) =>
    void logged.push({ level, fields })
const log = { debug: noting('debug'), info: noting('info'), warn: noting('warn'), error: noting('error') }

function org(name: string, formerly?: string): OrgConfiguration {
  return {
    name,
    ...(formerly !== undefined && { formerly }),
    auth: { kind: 'access-token', accessToken: new Secret('t') },
    credential: name,
    baseUrl: '',
    apiHosts: [],
    region: 'fixed',
    locations: [],
    reachMs: 0,
  }
}

async function collected(...names: readonly string[]): Promise<void> {
  for (const name of names)
    await journal.commit({
      org: name,
      scope: name,
      progress: firstProgress(60_000, defaultTerms, 0),
      records: [],
      quarantined: [],
      budget: { credential: name, change: (budget) => budget },
    })
}

test('a new name with `formerly` → the journal has the org under its new name, including on the next startup', async () => {
  await collected('acme', 'globex')
  for (let starts = 0; starts < 2; starts += 1)
    await renameOrgs([org('acme-inc', 'acme'), org('globex')], journal, log)

  expect(await journal.orgs()).toEqual(['acme-inc', 'globex'])
  expect(logged).toEqual([{ level: 'info', fields: { org: 'acme-inc', formerly: 'acme' } }])
})

test('a new name without `formerly` → one warning that names both', async () => {
  await collected('acme', 'globex')
  await renameOrgs([org('acme-inc'), org('globex')], journal, log)

  const fields = { code: 'org-may-be-renamed', unknown: ['acme-inc'], missing: ['acme'] }
  expect(logged).toEqual([{ level: 'warn', fields }])
})

test.each([
  ['an additional org', [org('acme'), org('globex'), org('initech')]],
  ['a removed org', [org('acme')]],
])('%s → no warning', async (_, orgs) => {
  await collected('acme', 'globex')
  await renameOrgs(orgs, journal, log)

  expect(logged).toEqual([])
})

test('`formerly` when the journal already has both names → a warning, and nothing is changed', async () => {
  await collected('acme', 'acme-inc')
  await renameOrgs([org('acme-inc', 'acme')], journal, log)

  expect(await journal.orgs()).toEqual(['acme', 'acme-inc'])
  expect(logged).toEqual([{ level: 'warn', fields: { org: 'acme-inc', formerly: 'acme' } }])
})
