import { createFixedSignIn, type SignIn, type SignInState } from '@cdrstream/source-webex'
import { createNoopMeter, metrics, type ObservableCallback } from '@opentelemetry/api'
import { afterEach, expect, test } from 'vitest'
import { observeSignIns } from './observe-sign-ins.ts'

afterEach(() => metrics.disable())

/** Returns the metrics that an SDK would read. */
function collecting() {
  const callbacks = new Map<string, Set<ObservableCallback>>()
  const meter = createNoopMeter()
  meter.createObservableGauge = (name) => {
    const own = new Set<ObservableCallback>()
    callbacks.set(name, own)
    return {
      addCallback: (callback) => void own.add(callback),
      removeCallback: (callback) => void own.delete(callback),
    }
  }
  metrics.setGlobalMeterProvider({ getMeter: () => meter })
  return () => {
    const observed: (readonly [string, number, unknown])[] = []
    for (const [name, own] of callbacks) {
      for (const callback of own) {
        callback({ observe: (value, attributes) => observed.push([name, value, attributes?.credential]) })
      }
    }
    return observed
  }
}

function signInWith(state: Partial<SignInState>): SignIn {
  const fixed = createFixedSignIn({ reveal: () => 'canary' }, { nowMs: () => 0 })
  return { ...fixed, state: () => ({ ...fixed.state(), ...state }) }
}

test('the metrics show when the tokens expire and whether they can be renewed, by credential', () => {
  const read = collecting()
  const ending = { accessTokenEndsAtMs: 61_000, refreshTokenEndsAtMs: 601_000 }
  const signIns = new Map([
    ['acme', signInWith(ending)],
    ['other', signInWith({ ...ending, accessTokenEndsAtMs: null, trouble: { code: 'x', remedy: null } })],
  ])
  const observing = observeSignIns(signIns, () => 1_000)

  expect(read()).toEqual([
    ['cdrstream.access_token.left', 60, 'acme'],
    ['cdrstream.refresh_token.left', 600, 'acme'],
    ['cdrstream.refresh_token.left', 600, 'other'],
    ['cdrstream.sign_in.failing', 0, 'acme'],
    ['cdrstream.sign_in.failing', 1, 'other'],
  ])
  observing[Symbol.dispose]()
  expect(read()).toEqual([])
})
