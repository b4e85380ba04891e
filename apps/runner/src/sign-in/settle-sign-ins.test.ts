import { createFixedSignIn } from '@cdrstream/source-webex'
import { expect, test } from 'vitest'
import { settleSignIns } from './settle-sign-ins.ts'

const fixed = createFixedSignIn({ reveal: () => 'T' }, { nowMs: () => 0 })

test('a renewal in progress is waited for', async () => {
  const renewal = Promise.withResolvers<void>()
  let ended: boolean | undefined
  const signIns = new Map([
    ['a', fixed],
    ['b', { ...fixed, idle: () => renewal.promise }],
  ])
  const settled = settleSignIns(signIns, new AbortController().signal).then((end) => {
    ended = end
  })
  await new Promise(setImmediate)
  expect(ended).toBeUndefined()
  renewal.resolve()
  await settled
  expect(ended).toBe(true)
})

test('the wait can be given up, and ends at once without a renewal', async () => {
  const hanging = new Map([['a', { ...fixed, idle: () => new Promise<void>(() => {}) }]])
  const givingUp = new AbortController()
  const settled = settleSignIns(hanging, givingUp.signal)
  givingUp.abort()
  expect(await settled).toBe(false)
  expect(await settleSignIns(hanging, givingUp.signal)).toBe(false)
  expect(await settleSignIns(new Map([['a', fixed]]), givingUp.signal)).toBe(true)
})
