import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { simulateApi } from './support/simulated-api.ts'
import { runCommand } from './support/start-command.ts'

let directory: string
beforeEach(() => {
  const created = mkdtempSync(join(tmpdir(), 'cdrstream-e2e-'))
  onTestFinished(() => rmSync(created, { recursive: true }))
  directory = created
})

/** Nothing answers at this API's URL. */
function configure(journal = ''): void {
  writeFileSync(
    join(directory, 'cdrstream.yaml'),
    `
orgs: [{ name: acme, auth: { accessToken: canary-token } }]
journal: { path: ./data/cdrstream.db ${journal} }
sinks: [{ name: files, use: file, options: { directory: ./records } }]
webex: { baseUrl: http://127.0.0.1:1/v1 }
`,
  )
}

/**
 * Runs `run --once` with a timeout of two seconds. Returns its exit code, its last log lines, and how
 * long it took.
 */
async function once(at = directory) {
  const fromMs = performance.now()
  const { code, err } = await runCommand(['run', '--once', '--timeout', '2s'], { directory: at })
  const lines = err
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  const { orgs, sinks } = lines.find(({ msg }) => msg === 'ended')
  const codes = lines.flatMap(({ code: reason }) => reason ?? [])
  return { code, orgs, sinks, codes, tookMs: performance.now() - fromMs }
}

describe('run --once gives up with code 1 after its timeout', () => {
  test('while the API does not answer', async () => {
    configure()
    const end = await once()
    expect(end).toMatchObject({ code: 1, orgs: { acme: 'failed' } })
    expect(end.codes).toContain('no-progress')
    expect(end.tookMs).toBeLessThan(15_000)
  })

  test('while a database cannot be reached, after delivering the files', async () => {
    await using api = await simulateApi({ seed: 3, recordsPerMinute: 600 })
    const file = join(api.directory, 'cdrstream.yaml')
    const options = '{ url: "postgres://me:canary@127.0.0.1:1/none?sslmode=disable" }'
    const sink = `  - { name: warehouse, use: postgres, options: ${options} }`
    writeFileSync(file, readFileSync(file, 'utf8').replace('webex:', `${sink}\nwebex:`))
    const end = await once(api.directory)
    expect(end).toMatchObject({
      code: 1,
      orgs: { acme: 'done' },
      sinks: { files: 'done', warehouse: 'behind' },
    })
    expect(end.tookMs).toBeLessThan(20_000)
  })

  test('while the disk has no space for the journal', async () => {
    configure(', minFreeDisk: 1000000GB')
    const end = await once()
    expect(end).toMatchObject({ code: 1, orgs: { acme: 'failed' } })
    expect(end.codes).toContain('disk-full')
    expect(end.tookMs).toBeLessThan(15_000)
  })
})

test('a timeout without --once is bad usage', async () => {
  expect(await runCommand(['run', '--timeout', '2s'], { directory })).toMatchObject({ code: 2 })
})
