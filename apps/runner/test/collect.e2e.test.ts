import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { busyMix, drain, type SimulatedApi, simulateApi, terms } from './support/simulated-api.ts'
import { type StartedCommand, startCommand } from './support/start-command.ts'

const perfect = { missing: [], twice: 0, invented: 0 }

function run(api: SimulatedApi, ...more: readonly string[]): StartedCommand {
  return startCommand(['run', ...more], { directory: api.directory })
}

/** Returns a random sequence that is the same for the same seed. */
function lots(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

async function delivered(api: SimulatedApi): Promise<void> {
  const { shown } = await api.compare()
  await expect.poll(() => api.status(), { interval: 500 }).toEqual({ journalEnd: shown, sinkPosition: shown })
}

describe('a collector', () => {
  test('that is killed with SIGKILL 20 times under load loses nothing, repeats nothing, and stays within the rate limit', async () => {
    await using api = await simulateApi({
      seed: 7,
      recordsPerMinute: 30_000,
      mix: busyMix,
      faults: { 'server-error': 0.02, drop: 0.01, cut: 0.02, malformed: 0.01, limited: 0.01 },
    })
    const lot = lots(7)
    for (let kills = 0; kills < 20; kills += 1) {
      const collector = run(api)
      // From before the collector has read anything until after it has published.
      await sleep(200 + 1_800 * lot())
      collector.process.kill('SIGKILL')
      const end = await collector.ended
      expect(end.signal, end.err).toBe('SIGKILL')
    }
    const survivor = run(api)
    await drain(api)
    await delivered(api)
    survivor.process.kill('SIGTERM')
    expect((await survivor.ended).code).toBe(0)

    const comparison = await api.compare()
    expect(comparison).toMatchObject(perfect)
    expect(comparison.shown).toBeGreaterThan(5_000)
    expect(api.simulator.rateViolations()).toEqual([])
  })

  test('that is stopped exits within 15 s with code 0, and `run --once` reads the rest', async () => {
    await using api = await simulateApi({ seed: 8, recordsPerMinute: 20_000, mix: busyMix })
    const collector = run(api)
    await expect.poll(async () => (await api.compare()).delivered).toBeGreaterThan(500)

    const toldMs = performance.now()
    collector.process.kill('SIGTERM')
    const end = await collector.ended

    expect(end.code).toBe(0)
    expect(performance.now() - toldMs).toBeLessThan(15_000)
    expect(end.out).toBe('')
    api.simulator.stopCalls()
    const cutMs = Date.now()
    const settledMs = cutMs + terms.settleMs + 1_000
    await expect.poll(Date.now).toBeGreaterThan(settledMs)
    const once = await run(api, '--once').ended

    expect(once.code).toBe(0)
    expect(api.unread(cutMs)).toBe(0)
    expect(await api.compare()).toMatchObject(perfect)
    expect(api.simulator.rateViolations()).toEqual([])
  })

  test('writes JSON lines without secrets or record content, even at the lowest level', async () => {
    await using api = await simulateApi({
      seed: 9,
      recordsPerMinute: 20_000,
      mix: busyMix,
      faults: { cut: 0.2 },
    })
    const collector = run(api, '--log-level', 'debug')
    await expect.poll(async () => (await api.compare()).delivered).toBeGreaterThan(500)
    collector.process.kill('SIGTERM')
    const { err } = await collector.ended

    const lines = err
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines.map(({ msg }) => msg)).toEqual(
      expect.arrayContaining(['started', 'page', 'stopping', 'ended']),
    )
    expect(err).not.toContain('canary')
    expect(err).not.toMatch(/\+\d{10}/)
    const journal = readFileSync(join(api.directory, 'data/cdrstream.db'), 'latin1')
    expect(journal).not.toContain('canary')
  })
})

describe('run --once exits with', () => {
  test.each([
    ['an invalid token', 'token', 'access-token-refused'],
    ['a missing role', 'permission', 'permission'],
    ['another region', 'region', 'region-host-refused'],
  ] as const)('code 3 for %s', async (_, refuse, reason) => {
    await using api = await simulateApi({ seed: 1, recordsPerMinute: 60, behaviour: { refuse } })
    const { code, err } = await run(api, '--once').ended

    expect(code).toBe(3)
    expect(err).toContain(`"code":"${reason}"`)
    expect(err).not.toContain('canary')
  })
})
