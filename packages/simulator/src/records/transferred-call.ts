import { type Call, drawTimes, internalLeg } from './call.ts'
import { type Leg, newCallSession, newLegIds } from './leg.ts'

/** Returns a call from A to B, who transfers A to C unannounced. C's leg refers to the transferred leg. */
export function blindTransfer(call: Call): readonly Leg[] {
  const { directory, chance } = call
  const caller = chance.oneOf(directory.people)
  const transferrer = chance.oneOf(directory.people)
  const target = chance.oneOf(directory.people)
  const ids = newLegIds(chance)
  const first = drawTimes(chance, 0, true)
  const transferMs = first.releaseMs
  return [
    ...internalLeg(call, {
      from: caller,
      to: transferrer,
      ids,
      times: first,
      terminating: { 'Call transfer time': transferMs },
    }),
    ...internalLeg(call, {
      from: transferrer,
      to: target,
      times: drawTimes(chance, transferMs, true),
      originating: {
        'Related call ID': ids.terminating.callId,
        'Related reason': 'Deflection',
        'Redirect reason': 'Deflection',
        'Redirecting number': transferrer.number,
        'Redirecting party UUID': transferrer.uuid,
      },
    }),
  ]
}

/**
 * Returns a call from A to B, who calls C first and then connects A and C. The consultation is a separate
 * session with its own Correlation ID. Transfer related call ID and Interaction ID link the two.
 */
export function attendedTransfer(call: Call): readonly Leg[] {
  const { directory, chance, session } = call
  const caller = chance.oneOf(directory.people)
  const transferrer = chance.oneOf(directory.people)
  const target = chance.oneOf(directory.people)
  const consultation = {
    ...call,
    session: { ...newCallSession(chance), interactionId: session.interactionId },
  }
  const consultIds = newLegIds(chance)
  const first = drawTimes(chance, 0, true)
  const consult = drawTimes(chance, first.releaseMs, true)
  return [
    ...internalLeg(call, {
      from: caller,
      to: transferrer,
      times: { ...first, releaseMs: consult.releaseMs },
      terminating: {
        'Call transfer time': consult.answerMs ?? consult.releaseMs,
        'Transfer related call ID': consultIds.originating.callId,
        'Related reason': 'ConsultativeTransfer',
      },
    }),
    ...internalLeg(consultation, { from: transferrer, to: target, ids: consultIds, times: consult }),
  ]
}
