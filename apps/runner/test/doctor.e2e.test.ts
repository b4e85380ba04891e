import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Diagnosis } from '../src/doctor/diagnosis.ts'
import { busyMix, drain, simulateApi } from './support/simulated-api.ts'
import { runCommand, startCommand } from './support/start-command.ts'

const doctors = 3

test('doctor before, beside and after a collector stays within the rate limit, and the collector loses nothing and continues', async () => {
  await using api = await simulateApi({ seed: 31, recordsPerMinute: 6_000, mix: busyMix })
  const { directory, simulator } = api
  const consult = async () => {
    const { code, out, err } = await runCommand(['doctor', '--json'], { directory })
    expect(out + err).not.toContain('canary')
    return { code, diagnosis: JSON.parse(out) as Diagnosis }
  }
  const level = ({ checks }: Diagnosis, name: string) => checks.find(({ check }) => check === name)?.code

  const before = await consult()
  expect(before.code).toBe(0)
  expect(level(before.diagnosis, 'scope')).toBe('scope-granted')
  expect(existsSync(join(directory, 'records'))).toBe(false)

  const collector = startCommand(['run'], { directory })
  await expect.poll(async () => (await api.compare()).delivered).toBeGreaterThan(0)
  const beside: (string | undefined)[] = []
  for (let count = 0; count < doctors; count += 1) {
    const { code, diagnosis } = await consult()
    expect(code).toBe(0)
    expect(diagnosis.checks.find(({ check }) => check === 'journal')?.message).toContain(
      String(collector.process.pid),
    )
    beside.push(level(diagnosis, 'scope'))
  }
  // A doctor that is killed with a reserved request must not delay the collector for long.
  const killed = startCommand(['doctor'], { directory })
  const requests = simulator.ledger.requests.length
  await expect.poll(() => simulator.ledger.requests.length, { interval: 5 }).toBeGreaterThan(requests)
  killed.process.kill('SIGKILL')
  await killed.ended
  await drain(api)
  await expect.poll(async () => (await api.compare()).missing.length).toBe(0)
  collector.process.kill('SIGTERM')
  const { code } = await collector.ended
  // Draining ends with an outage.
  simulator.heal()
  const after = await consult()

  expect(code).toBe(0)
  expect(beside).toContain('scope-granted')
  expect(level(after.diagnosis, 'scope')).toBe('scope-granted')
  expect(await api.compare()).toMatchObject({ missing: [], twice: 0, invented: 0 })
  expect(simulator.rateViolations()).toEqual([])
})
