import { createNoopMeter, metrics } from '@opentelemetry/api'
import { afterEach, describe, expect, test } from 'vitest'
import { telemetry } from './telemetry.ts'

afterEach(() => metrics.disable())

/** Registers an SDK, and returns the values that it counts. */
function registerSdk(): readonly number[] {
  const counted: number[] = []
  const meter = createNoopMeter()
  meter.createCounter = () => ({ add: (value) => void counted.push(value) })
  metrics.setGlobalMeterProvider({ getMeter: () => meter })
  return counted
}

describe('metrics are recorded by an SDK', () => {
  test('that is registered after the first value', () => {
    telemetry.requests.add(1)
    const counted = registerSdk()
    telemetry.requests.add(2)
    expect(counted).toEqual([2])
  })

  test('that replaces another SDK', () => {
    const former = registerSdk()
    telemetry.requests.add(1)
    metrics.disable()
    const counted = registerSdk()
    telemetry.requests.add(2)
    expect([former, counted]).toEqual([[1], [2]])
  })
})
