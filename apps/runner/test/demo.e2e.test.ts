import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { runCommand, startCommand } from './support/start-command.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'cdrstream-e2e-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

test('a demo kills its collector, and its files have as many records as the API has returned', async () => {
  const { code, out, err } = await runCommand(['demo', '--for', '6s'], { directory })

  const lines = out.trimEnd().split('\n')
  const [, shown, found] =
    /^([\d,]+) records shown by the API, ([\d,]+) in \.\/demo\/records, 0 missing, 0 twice$/.exec(
      lines.at(-1) ?? '',
    ) ?? []
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(Number(shown?.replaceAll(',', ''))).toBeGreaterThan(500)
  expect(found).toBe(shown)
  expect(out).toContain('SIGKILL')
  expect(readdirSync(join(directory, 'demo')).sort()).toEqual(
    ['.cdrstream-demo', 'collector.log', 'cdrstream.yaml', 'data', 'records'].sort(),
  )
})

test('a demo refuses a directory with other content', async () => {
  writeFileSync(join(directory, 'mine'), '')

  const { code, err } = await runCommand(['demo', '--directory', '.'], { directory })

  expect(code).toBe(2)
  expect(err.trimEnd().split('\n')).toHaveLength(1)
  expect(readdirSync(directory)).toEqual(['mine'])
})

test('simulate prints a configuration for itself, and writes its ledger at the end', async () => {
  const simulator = startCommand(
    [
      'simulate',
      '--rate',
      '12000',
      '--ledger',
      'ledger.ndjson',
      ...['--per', '1s', '--settle', '1s'],
      ...['--retention', '1m', '--max-window', '10s'],
      ...['--history', '20s'],
    ],
    { directory },
  )
  await expect.poll(simulator.out).toContain('maxWindow')
  writeFileSync(join(directory, 'cdrstream.yaml'), simulator.out())

  const collector = await runCommand(['run', '--once'], { directory })
  simulator.process.kill('SIGTERM')
  const end = await simulator.ended

  expect(collector.code).toBe(0)
  expect(end).toMatchObject({ code: 0, err: expect.stringMatching(/^\d+ requests answered, 0 of them /) })
  const status = await runCommand(['status', '--json'], { directory })
  const ledger = readFileSync(join(directory, 'ledger.ndjson'), 'utf8').trimEnd().split('\n')
  expect(ledger.length).toBeGreaterThan(1_000)
  expect(JSON.parse(ledger[0] ?? '')).toEqual({
    org: 'acme',
    reportId: expect.any(String),
    content: expect.any(String),
  })
  expect(JSON.parse(status.out)).toMatchObject({
    journal: { end: ledger.length },
    sinks: [{ lagRecords: 0 }],
  })
})
