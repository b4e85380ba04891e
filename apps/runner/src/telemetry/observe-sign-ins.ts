import type { SignIn, SignInState } from '@cdrstream/source-webex'
import { metrics, type ObservableResult } from '@opentelemetry/api'
import type { SignIns } from '../sign-in/create-sign-ins.ts'
import { signInMetrics } from './runner-metrics.ts'

/**
 * Exports the state of the sign-ins as metrics until it is disposed. Does nothing without an OpenTelemetry
 * SDK in the process. Users rely on the names (docs/metrics.md).
 */
export function observeSignIns(signIns: SignIns, nowMs: () => number): Disposable {
  const meter = metrics.getMeter('cdrstream')
  const secondsTo = (endsAtMs: number | null) => (endsAtMs === null ? null : (endsAtMs - nowMs()) / 1_000)
  const values = {
    accessTokenLeft: ({ accessTokenEndsAtMs }) => secondsTo(accessTokenEndsAtMs),
    refreshTokenLeft: ({ refreshTokenEndsAtMs }) => secondsTo(refreshTokenEndsAtMs),
    signInFailing: ({ trouble }) => (trouble === null ? 0 : 1),
  } satisfies Record<keyof typeof signInMetrics, (state: SignInState) => number | null>
  const observed = Object.entries(signInMetrics).map(([key, { name, unit, description }]) => ({
    gauge: meter.createObservableGauge(name, { description, unit }),
    callback: observe(signIns, values[key as keyof typeof values]),
  }))
  for (const { gauge, callback } of observed) gauge.addCallback(callback)
  return {
    [Symbol.dispose]: () => {
      for (const { gauge, callback } of observed) gauge.removeCallback(callback)
    },
  }
}

function observe(
  signIns: ReadonlyMap<string, Pick<SignIn, 'state'>>,
  value: (state: SignInState) => number | null,
) {
  return (result: ObservableResult) => {
    for (const [credential, signIn] of signIns) {
      const observed = value(signIn.state())
      if (observed !== null) result.observe(observed, { credential })
    }
  }
}
