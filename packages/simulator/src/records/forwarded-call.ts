import { type Call, drawTimes, internalLeg } from './call.ts'
import { type Leg, newLegIds } from './leg.ts'
import type { Fields } from './record-text.ts'

const kinds = [
  { related: 'CallForwardNoAnswer', redirect: 'NoAnswer', ringMs: 18_000 },
  { related: 'CallForwardAlways', redirect: 'Unconditional', ringMs: 0 },
  { related: 'CallForwardBusy', redirect: 'UserBusy', ringMs: 0 },
] as const

/** Returns a call that is forwarded. The new leg's originating record refers to the forwarded leg. */
export function forwardedCall(call: Call): readonly Leg[] {
  const { directory, chance } = call
  const caller = chance.oneOf(directory.people)
  const called = chance.oneOf(directory.people)
  const target = chance.oneOf(directory.people)
  const { related, redirect, ringMs } = chance.oneOf(kinds)
  const ids = newLegIds(chance)
  const onward = drawTimes(chance, ringMs + 200, true)
  const redirected: Fields = {
    'Redirect reason': redirect,
    'Redirecting number': called.number,
    'Redirecting party UUID': called.uuid,
    'Original reason': redirect,
    'Original called party UUID': called.uuid,
  }
  const postRedirection: Fields = { 'Answer indicator': 'Yes-PostRedirection' }
  return [
    ...internalLeg(call, {
      from: caller,
      to: called,
      ids,
      times: { ...onward, startMs: 0 },
      originating: postRedirection,
      terminating: { ...postRedirection, 'Ring duration': String(ringMs / 1_000), 'Related reason': related },
    }),
    ...internalLeg(call, {
      from: called,
      to: target,
      times: onward,
      originating: {
        ...redirected,
        'Related call ID': ids.terminating.callId,
        'Related reason': related,
      },
      terminating: redirected,
    }),
  ]
}
