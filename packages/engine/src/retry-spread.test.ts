import { defaultTerms } from '@cdrstream/core'
import type { Sink } from '@cdrstream/plugin'
import { Chance } from '@cdrstream-internal/chance'
import { ProcessClock, VirtualTime } from '@cdrstream-internal/virtual-time'
import { describe, expect, it } from 'vitest'
import { memoryJournal } from '../test/support/memory-journal.ts'
import { startEngine } from './engine.ts'
import type { FailedAnswer, Source } from './ports/index.ts'

const startMs = Date.UTC(2026, 8, 24)

/**
 * Runs an org whose requests fail and a sink that cannot be opened for an hour. Returns the times of the
 * attempts.
 */
async function triedBy(chance?: () => number) {
  const time = new VirtualTime(startMs)
  const clock = new ProcessClock(time, () => false)
  const asked: number[] = []
  const opened: number[] = []
  const unavailable: Omit<FailedAnswer, 'answeredAtMs'> = {
    kind: 'failed',
    reason: 'unavailable',
    status: 503,
    detail: '',
    retryAfterMs: null,
    serverDateMs: null,
    trackingId: null,
  }
  const source: Source = {
    prepare: async () => ({
      kind: 'ready',
      send: async () => {
        asked.push(time.nowMs - startMs)
        return { ...unavailable, answeredAtMs: time.nowMs }
      },
    }),
  }
  const sink: Sink = {
    open: async () => {
      opened.push(time.nowMs - startMs)
      return { kind: 'retry' }
    },
  }
  const engine = startEngine({
    orgs: [{ name: 'acme', scope: 'acme', credential: 'acme', source, reachMs: 600_000 }],
    sinks: [{ name: 'sink', sink, traits: { idempotence: 'key' }, from: 'earliest' }],
    terms: defaultTerms,
    platform: {
      clock,
      digest: (text) => text,
      newId: () => String(asked.length),
      ...(chance && { chance }),
    },
    journal: memoryJournal(),
    log: { debug() {}, info() {}, warn() {}, error() {} },
    mode: 'continuous',
  })
  await time.passUntil(startMs + 3_600_000)
  engine.stop()
  await time.passUntil(startMs + 3_700_000)
  return { asked, opened }
}

function waits(times: readonly number[]): readonly number[] {
  return times.slice(1).map((ms, index) => ms - (times[index] ?? 0))
}

describe('retries', () => {
  it("of an org and of a sink are spread by the platform's random numbers", async () => {
    const whole = await triedBy()
    const chance = new Chance(7)
    const spread = await triedBy(() => chance.next())
    expect(waits(whole.opened).slice(6, 12)).toEqual(Array(6).fill(60_000))
    for (const wait of waits(spread.opened).slice(6, 12)) {
      expect(wait).toBeGreaterThanOrEqual(48_000)
      expect(wait).toBeLessThan(60_000)
    }
    expect(waits(whole.asked).slice(5, 9)).toEqual(Array(4).fill(300_000))
    for (const wait of waits(spread.asked).slice(5, 9)) {
      expect(wait).toBeGreaterThanOrEqual(240_000)
      expect(wait).toBeLessThan(300_000)
    }
  })

  it('happen at the same times with the same seed', async () => {
    const runs = [new Chance(7), new Chance(7)].map((chance) => triedBy(() => chance.next()))
    const [one, other] = await Promise.all(runs)
    expect(one).toEqual(other)
  })
})
