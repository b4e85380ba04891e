import { type Call, drawTimes, internalLeg } from './call.ts'
import { type Leg, newCallSession, newLegIds } from './leg.ts'

/** A calls B, who passes A on to C without asking: C's leg names the one that it came from. All in one session. */
export function blindTransfer(call: Call): readonly Leg[] {
  const { directory, chance } = call
  const caller = chance.oneOf(directory.people)
  const passer = chance.oneOf(directory.people)
  const taker = chance.oneOf(directory.people)
  const ids = newLegIds(chance)
  const first = drawTimes(chance, 0, true)
  const transferMs = first.releaseMs
  return [
    ...internalLeg(call, {
      from: caller,
      to: passer,
      ids,
      times: first,
      terminating: { 'Call transfer time': transferMs },
    }),
    ...internalLeg(call, {
      from: passer,
      to: taker,
      times: drawTimes(chance, transferMs, true),
      originating: {
        'Related call ID': ids.terminating.callId,
        'Related reason': 'Deflection',
        'Redirect reason': 'Deflection',
        'Redirecting number': passer.number,
        'Redirecting party UUID': passer.uuid,
      },
    }),
  ]
}

/**
 * B calls C first and then joins A and C. The consultation is a session of its own with another Correlation ID: Transfer related call ID
 * joins the two, and Interaction ID.
 */
export function attendedTransfer(call: Call): readonly Leg[] {
  const { directory, chance, session } = call
  const caller = chance.oneOf(directory.people)
  const passer = chance.oneOf(directory.people)
  const taker = chance.oneOf(directory.people)
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
      to: passer,
      times: { ...first, releaseMs: consult.releaseMs },
      terminating: {
        'Call transfer time': consult.answerMs ?? consult.releaseMs,
        'Transfer related call ID': consultIds.originating.callId,
        'Related reason': 'ConsultativeTransfer',
      },
    }),
    ...internalLeg(consultation, { from: passer, to: taker, ids: consultIds, times: consult }),
  ]
}
