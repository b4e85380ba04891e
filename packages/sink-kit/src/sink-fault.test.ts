import { expect, test } from 'vitest'
import { failed, faultOutcome, SinkFault } from './sink-fault.ts'

test('a fault becomes a failed outcome with its code, its remedy and its cause', () => {
  const cause = new Error('full')
  expect(faultOutcome(new SinkFault('disk-full', 'free some disk space', cause))).toEqual({
    kind: 'failed',
    code: 'disk-full',
    remedy: 'free some disk space',
    cause,
  })
})

test('a fault without a cause is itself the cause of the outcome', () => {
  const fault = new SinkFault('disk-full', 'free some disk space')
  expect(faultOutcome(fault).cause).toBe(fault)
})

test('a failed outcome has no cause if none was given', () => {
  expect(Object.keys(failed('disk-full', 'free some disk space'))).toEqual(['kind', 'code', 'remedy'])
})
