import { expect, it } from 'vitest'
import { collectCases } from './collect-cases.ts'
import { canaryToken } from './make/make-case.ts'
import { canaryNumber } from './make/make-item.ts'

const cases = 1_500

it('every item ends up once in the journal and the sink, or in quarantine, and no content is logged', {
  timeout: 120_000,
}, async () => {
  const { ended, sent, accepted, kept, delivered, sentInvalid, distinctInvalid, quarantined, log } =
    await collectCases(3, cases)
  expect(ended).toBe(false)
  expect(accepted.toSorted()).toEqual(sent.toSorted())
  expect(delivered.toSorted()).toEqual(kept.toSorted())
  // Items with identical text are quarantined once, and different texts can have the same value.
  expect(quarantined).toBeLessThanOrEqual(sentInvalid)
  expect(quarantined).toBeGreaterThanOrEqual(distinctInvalid)
  expect(log).not.toContain(canaryToken)
  expect(log).not.toContain(canaryNumber)
  expect(Math.min(sent.length, sentInvalid)).toBeGreaterThan(cases / 100)
})
