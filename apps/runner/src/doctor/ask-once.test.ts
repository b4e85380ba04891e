import { defaultTerms as terms } from '@cdrstream/core'
import { allowedAtMs, type Budget, unusedBudget } from '@cdrstream/core/budget'
import { JournalFullError, type Source } from '@cdrstream/engine'
import { createNodePlatform } from '@cdrstream/engine/node'
import { expect, test } from 'vitest'
import { askOnce } from './ask-once.ts'

const never = new AbortController().signal
const platform = createNodePlatform()

function place(budget: Budget = unusedBudget) {
  const kept = { budget, sent: 0, whenSent: unusedBudget }
  const answeredAtMs = () => platform.clock.nowMs()
  const source: Source = {
    prepare: async () => ({
      kind: 'ready',
      send: async () => {
        kept.sent += 1
        kept.whenSent = kept.budget
        const common = { answeredAtMs: answeredAtMs(), serverDateMs: null, trackingId: null }
        return { kind: 'page', items: [], next: null, ...common }
      },
    }),
  }
  const journal = {
    budget: async () => kept.budget,
    changeBudget: async (_: string, change: (stored: Budget) => Budget | undefined) => {
      const changed = change(kept.budget)
      kept.budget = changed ?? kept.budget
      return changed
    },
  }
  const options = {
    journal,
    credential: 'acme',
    source,
    terms,
    platform,
    besideCollector: false,
    wait: false,
  }
  return { kept, options: { ...options, waiting: () => {} } }
}

test('a doctor that is killed while it waits for the response delays a collector by less than two minutes', async () => {
  const { kept, options } = place()
  await askOnce(options, never)

  const nowMs = platform.clock.nowMs()
  const blockedMs = allowedAtMs(kept.whenSent, 'initial', terms) - nowMs
  expect(blockedMs).toBeGreaterThan(60_000)
  expect(blockedMs).toBeLessThan(120_000)
  // Once the response has arrived, the slot counts from its arrival.
  expect(allowedAtMs(kept.budget, 'initial', terms) - nowMs).toBeLessThan(61_000)
})

test('a request that the journal cannot record is not sent', async () => {
  const { kept, options } = place()
  const full = async () => {
    throw new JournalFullError('full')
  }
  const asked = await askOnce({ ...options, journal: { ...options.journal, changeBudget: full } }, never)

  expect(asked).toMatchObject({ kind: 'not-asked', reason: 'journal-full' })
  expect(kept.sent).toBe(0)
})

test('a doctor that is stopped while it waits sends nothing', async () => {
  const slot = { id: 'other', kind: 'initial', countsFromMs: platform.clock.nowMs() - 10_000 } as const
  const { kept, options } = place({ ...unusedBudget, slots: [slot] })
  const stopping = new AbortController()
  const waits: (number | null)[] = []
  const waiting = (freeInMs: number | null) => {
    waits.push(freeInMs)
    stopping.abort()
  }
  const asked = await askOnce({ ...options, wait: true, waiting }, stopping.signal)

  expect(asked).toMatchObject({ kind: 'not-asked', reason: 'stopped' })
  expect(waits).toEqual([expect.closeTo(50_300, -3)])
  expect(kept.sent).toBe(0)
})
