import type { SignIn, SignInState } from '@cdrstream/source-webex'
import { metrics, type ObservableResult } from '@opentelemetry/api'
import type { SignIns } from './create-sign-ins.ts'

/**
 * Lets the metrics tell how the sign-ins are, until it is disposed. Without an SDK in the process nobody
 * asks. The names are part of what a user can rely on (docs/commands.md, "Metrics").
 */
export function observeSignIns(signIns: SignIns, nowMs: () => number): Disposable {
  const meter = metrics.getMeter('cdrstream')
  const secondsTo = (endsAtMs: number | null) => (endsAtMs === null ? null : (endsAtMs - nowMs()) / 1_000)
  const observed = [
    {
      gauge: meter.createObservableGauge('cdrstream.access_token.left', {
        description: 'Until the access token at hand ends, by credential',
        unit: 's',
      }),
      callback: observe(signIns, ({ accessTokenEndsAtMs }) => secondsTo(accessTokenEndsAtMs)),
    },
    {
      gauge: meter.createObservableGauge('cdrstream.refresh_token.left', {
        description: 'Until the refresh token ends, by credential',
        unit: 's',
      }),
      callback: observe(signIns, ({ refreshTokenEndsAtMs }) => secondsTo(refreshTokenEndsAtMs)),
    },
    {
      gauge: meter.createObservableGauge('cdrstream.sign_in.failing', {
        description: '1: no token, or no new one, can be had; 0: all is well; by credential',
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
