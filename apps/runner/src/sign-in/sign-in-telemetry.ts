import type { SignIn, SignInState } from '@cdrstream/source-webex'
import { metrics, type ObservableResult } from '@opentelemetry/api'
import type { SignIns } from './create-sign-ins.ts'

/**
 * Exports the state of the sign-ins as metrics until it is disposed. Does nothing without an OpenTelemetry
 * SDK in the process. Users rely on the names (docs/commands.md, "Metrics").
 */
export function observeSignIns(signIns: SignIns, nowMs: () => number): Disposable {
  const meter = metrics.getMeter('cdrstream')
  const secondsTo = (endsAtMs: number | null) => (endsAtMs === null ? null : (endsAtMs - nowMs()) / 1_000)
  const observed = [
    {
      gauge: meter.createObservableGauge('cdrstream.access_token.left', {
        description: 'Time until the current access token expires, by credential',
        unit: 's',
      }),
      callback: observe(signIns, ({ accessTokenEndsAtMs }) => secondsTo(accessTokenEndsAtMs)),
    },
    {
      gauge: meter.createObservableGauge('cdrstream.refresh_token.left', {
        description: 'Time until the refresh token expires, by credential',
        unit: 's',
      }),
      callback: observe(signIns, ({ refreshTokenEndsAtMs }) => secondsTo(refreshTokenEndsAtMs)),
    },
    {
      gauge: meter.createObservableGauge('cdrstream.sign_in.failing', {
        description: '1 if no access token can be obtained or renewed, otherwise 0, by credential',
      }),
      callback: observe(signIns, ({ trouble }) => (trouble === null ? 0 : 1)),
    },
  ]
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
