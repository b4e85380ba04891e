import { type Call, drawTimes, internalLeg } from './call.ts'
import { type Group, outsideNumber } from './directory.ts'
import { type Leg, type LegIds, type LegTimes, makeLeg, newLegIds } from './leg.ts'
import type { Fields } from './record-text.ts'

/**
 * A hunt group or a queue takes the call, and rings one member after the other until one answers. The group has a terminating record,
 * and an originating one for each attempt that names it: with three attempts an internal call makes eight records.
 */
export function groupCall(call: Call, group: Group): readonly Leg[] {
  const { chance } = call
  const ids = newLegIds(chance)
  const attempts: Leg[] = []
  const attemptCount = chance.integer(1, 3)
  let atMs = 500
  for (let attempt = 1; attempt <= attemptCount; attempt += 1) {
    const times = drawTimes(chance, atMs, attempt === attemptCount)
    attempts.push(...ringMember(call, group, ids, times))
    atMs = times.releaseMs
  }
  // Answered: by the group. Whether a person did is for the members' records to say.
  return [...enterGroup(call, group, ids, { startMs: 0, answerMs: 400, releaseMs: atMs }), ...attempts]
}

function enterGroup(call: Call, group: Group, ids: LegIds, times: LegTimes): readonly Leg[] {
  const { directory, chance, session } = call
  if (chance.happens(0.4))
    return internalLeg(call, { from: chance.oneOf(directory.people), to: group, ids, times })
  return [
    makeLeg(
      {
        session,
        ids,
        side: 'TERMINATING',
        owner: group,
        calling: { name: 'NA', number: outsideNumber(chance) },
        called: group,
        times,
        callType: 'SIP_INBOUND',
        bothSides: false,
      },
      directory,
    ),
  ]
}

function ringMember(call: Call, group: Group, entered: LegIds, times: LegTimes): readonly Leg[] {
  const { chance } = call
  const elsewhere: Fields =
    times.answerMs === null && chance.happens(0.3) ? { 'Answered elsewhere': 'Yes' } : {}
  const redirected: Fields = {
    'Redirect reason': group.reason,
    'Redirecting number': group.number,
    'Redirecting party UUID': group.uuid,
    'Original reason': group.reason,
    'Original called party UUID': group.uuid,
  }
  return internalLeg(call, {
    from: group,
    to: chance.oneOf(group.members),
    times,
    originating: {
      ...redirected,
      'Related call ID': entered.terminating.callId,
      'Related reason': group.reason,
    },
    terminating: { ...redirected, ...elsewhere },
  })
}
