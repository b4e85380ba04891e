import { wholeMs } from '@cdrstream/core'
import type { Presence } from '@cdrstream/plugin'
import { describe, expect, it } from 'vitest'
import { memoryJournal } from '../test/support/memory-journal.ts'
import type { SinkSetup } from './engine-options.ts'
import { startSink } from './open-sink.ts'
import type { SinkRestart, Witness } from './ports/index.ts'

const witness = (month: string): Witness => ({
  org: 'acme',
  key: month,
  rank: 1,
  home: `${month}-15`,
  kind: 'first',
  span: month,
  position: null,
})

/**
 * Returns the loss recorded for a sink with these answers about its witnesses, when the journal has been
 * pruned up to its end.
 */
async function lost(answers: Readonly<Record<string, Presence>>): Promise<SinkRestart['gap']> {
  const stored = memoryJournal()
  const acceptedAtMs = wholeMs(Date.UTC(2026, 8, 24))
  const bytes = Buffer.from('{}')
  const end = stored.append('acme', [
    { key: 'a', fingerprint: '', rank: 1, home: '2026-09-24', acceptedAtMs, source: 'stream', bytes },
  ])
  await stored.registerSink('table', await stored.start(), acceptedAtMs)
  await stored.acknowledge('table', { through: end, witnesses: Object.keys(answers).map(witness) })
  let gap: SinkRestart['gap']
  const journal = {
    ...stored,
    start: async () => end,
    startSink: async (...[name, at, changes]: Parameters<typeof stored.startSink>) => {
      gap = changes.gap
      return stored.startSink(name, at, changes)
    },
  }
  const session = {
    write: async () => ({ kind: 'accepted' }) as const,
    holds: async () => Object.values(answers),
  }
  const setup: SinkSetup = {
    name: 'table',
    sink: { open: async () => ({ kind: 'opened', session }) },
    traits: { idempotence: 'key' },
    from: 'earliest',
  }
  await startSink(setup, { kind: 'opened', session }, journal, {
    nowMs: acceptedAtMs,
    holds: async (holds, witnesses) => ({
      outcome: await holds(witnesses, { signal: new AbortController().signal }),
      timedOut: false,
    }),
    retract: async () => {},
  })
  return gap
}

describe('the loss of an emptied sink', () => {
  it('covers only the months that the sink no longer has', async () => {
    const gap = await lost({ '2026-08': 'present', '2026-09': 'absent', '2026-10': 'absent' })
    expect(gap).toMatchObject({ sinceMs: Date.UTC(2026, 7, 31) })
  })

  it('is everything if the sink has no months, because older records may have no witness', async () => {
    expect(await lost({ '2026-09': 'absent', '2026-10': 'absent' })).toMatchObject({ sinceMs: null })
  })

  it("does not cover what the sink's own retention removed", async () => {
    const gap = await lost({ '2026-08': 'expired', '2026-09': 'absent' })
    expect(gap).toMatchObject({ sinceMs: Date.UTC(2026, 7, 31) })
  })
})
