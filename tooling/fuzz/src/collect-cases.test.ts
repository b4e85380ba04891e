import { expect, it } from 'vitest'
import { collectCases } from './collect-cases.ts'
import { canaryToken } from './make/make-case.ts'
import { canaryNumber } from './make/make-item.ts'

const cases = 1_500

it('what was sent is in journal and sink once, or in quarantine, and nothing of it in the log', {
  timeout: 120_000,
}, async () => {
  const { ended, sent, accepted, kept, delivered, sentNoRecords, distinctNoRecords, quarantined, log } =
    await collectCases(3, cases)
  expect(ended).toBe(false)
  expect(accepted.toSorted()).toEqual(sent.toSorted())
  expect(delivered.toSorted()).toEqual(kept.toSorted())
  // The same text is in quarantine once, and different texts can have the same value.
  expect(quarantined).toBeLessThanOrEqual(sentNoRecords)
  expect(quarantined).toBeGreaterThanOrEqual(distinctNoRecords)
  expect(log).not.toContain(canaryToken)
  expect(log).not.toContain(canaryNumber)
  expect(Math.min(sent.length, sentNoRecords)).toBeGreaterThan(cases / 100)
})
