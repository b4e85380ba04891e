import { expect, test } from 'vitest'
import { failed, faultOutcome, SinkFault } from './sink-fault.ts'

test('a fault becomes a failed outcome with its code, its remedy and its cause', () => {
  const cause = new Error('full')
  expect(faultOutcome(new SinkFault('disk-full', 'make room', cause))).toEqual({
    kind: 'failed',
    code: 'disk-full',
    remedy: 'make room',
    cause,
  })
})

test('a fault without a cause is itself the cause of the outcome', () => {
  const fault = new SinkFault('disk-full', 'make room')
  expect(faultOutcome(fault).cause).toBe(fault)
})

test('a failed outcome has no cause if none was given', () => {
  expect(Object.keys(failed('disk-full', 'make room'))).toEqual(['kind', 'code', 'remedy'])
})
