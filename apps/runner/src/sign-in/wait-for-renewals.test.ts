import { createFixedSignIn } from '@cdrstream/source-webex'
import { expect, test } from 'vitest'
import { waitForRenewals } from './wait-for-renewals.ts'

const fixed = createFixedSignIn({ reveal: () => 'T' }, { nowMs: () => 0 })

test('waits until a renewal in progress has ended', async () => {
  const renewal = Promise.withResolvers<void>()
  let ended: boolean | undefined
  const signIns = new Map([
    ['a', fixed],
    ['b', { ...fixed, idle: () => renewal.promise }],
  ])
  const waiting = waitForRenewals(signIns, new AbortController().signal).then((end) => {
    ended = end
  })
  await new Promise(setImmediate)
  expect(ended).toBeUndefined()
  renewal.resolve()
  await waiting
  expect(ended).toBe(true)
})

test('stops waiting when aborted, and does not wait without a renewal', async () => {
  const hanging = new Map([['a', { ...fixed, idle: () => new Promise<void>(() => {}) }]])
  const givingUp = new AbortController()
  const waiting = waitForRenewals(hanging, givingUp.signal)
  givingUp.abort()
  expect(await waiting).toBe(false)
  expect(await waitForRenewals(hanging, givingUp.signal)).toBe(false)
  expect(await waitForRenewals(new Map([['a', fixed]]), givingUp.signal)).toBe(true)
})
