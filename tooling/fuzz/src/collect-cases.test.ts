import { expect, it } from 'vitest'
import { collectCases } from './collect-cases.ts'
import { canaryToken } from './make/make-case.ts'
import { canaryNumber } from './make/make-item.ts'

const cases = 1_500

it('what was sent is in journal and sink once, or in quarantine, and nothing of it in the log', {
  timeout: 120_000,
}, async () => {
  const { ended, sent, accepted, kept, delivered, sentNoRecords, quarantined, log } = await collectCases(
    3,
    cases,
  )
  expect(ended).toBe(false)
  expect(accepted.toSorted()).toEqual(sent.toSorted())
  expect(delivered.toSorted()).toEqual(kept.toSorted())
  expect(quarantined).toBe(sentNoRecords)
  expect(log).not.toContain(canaryToken)
  expect(log).not.toContain(canaryNumber)
  expect(Math.min(sent.length, quarantined)).toBeGreaterThan(cases / 100)
})
