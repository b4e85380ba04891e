import type { Chance } from '../chance.ts'
import { type Directory, type Group, outsideNumber, type Person } from './directory.ts'
import {
  type Fields,
  type Leg,
  type LegTimes,
  makeLeg,
  newLegIds,
  newSession,
  type Party,
  type Session,
} from './leg.ts'

/** The legs of one call, its times in milliseconds after its beginning; section 12 of the API's facts says how they refer to each other. */
export function makeCall(directory: Directory, chance: Chance): readonly Leg[] {
  const call: Call = { directory, startMs: 0, chance, session: newSession(chance) }
  const lot = chance.next()
  if (lot < 0.35) return internal(call)
  if (lot < 0.6) return inbound(call)
  if (lot < 0.8) return outbound(call)
  if (lot < 0.87) return group(call, chance.oneOf(directory.huntGroups), 'HuntGroup', 'HuntGroup')
  if (lot < 0.92) return group(call, chance.oneOf(directory.queues), 'CallQueue', 'CallCenterStandard')
  if (lot < 0.96) return transferred(call, 'blind')
  return transferred(call, 'attended')
}

/** How many records a call has on average, for the rate. Counted over many calls in a test. */
export const recordsPerCall = 2.38

interface Call {
  readonly directory: Directory
  readonly startMs: number
  readonly chance: Chance
  readonly session: Session
}

function times(chance: Chance, startMs: number, answered = chance.happens(0.75)): LegTimes {
  const ringMs = chance.integer(1_500, answered ? 12_000 : 30_000)
  // Most calls are short, some are very long.
  const talkMs = answered ? Math.floor(5_000 + 90_000 * -Math.log(1 - chance.next() * 0.999)) : 0
  return {
    startMs,
    answerMs: answered ? startMs + ringMs : null,
    releaseMs: startMs + ringMs + talkMs,
  }
}

function internal(call: Call): readonly Leg[] {
  const { directory, chance, startMs } = call
  return bothSides(
    call,
    chance.oneOf(directory.people),
    chance.oneOf(directory.people),
    times(chance, startMs),
  )
}

function bothSides(
  call: Call,
  from: Person,
  to: Person | Group,
  at: LegTimes,
  more: Fields = {},
): readonly Leg[] {
  const { directory, chance, session } = call
  const leg = {
    session,
    ids: newLegIds(chance),
    calling: from,
    called: to,
    times: at,
    callType: 'SIP_ENTERPRISE',
    bothSides: true,
  }
  return [
    makeLeg({ ...leg, side: 'ORIGINATING', owner: from, more }, directory, chance),
    makeLeg({ ...leg, side: 'TERMINATING', owner: to }, directory, chance),
  ]
}

function inbound(call: Call): readonly Leg[] {
  const { directory, chance, session, startMs } = call
  const to = chance.oneOf(directory.people)
  const leg = { session, ids: newLegIds(chance), calling: outside(chance), called: to, bothSides: false }
  return [
    makeLeg(
      { ...leg, side: 'TERMINATING', owner: to, times: times(chance, startMs), callType: 'SIP_INBOUND' },
      directory,
      chance,
    ),
  ]
}

function outbound(call: Call): readonly Leg[] {
  const { directory, chance, session, startMs } = call
  const from = chance.oneOf(directory.people)
  const abroad = chance.happens(0.1)
  const leg = { session, ids: newLegIds(chance), calling: from, called: outside(chance), bothSides: false }
  return [
    makeLeg(
      {
        ...leg,
        side: 'ORIGINATING',
        owner: from,
        times: times(chance, startMs),
        callType: abroad ? 'SIP_INTERNATIONAL' : 'SIP_NATIONAL',
        more: abroad ? { 'International country': chance.oneOf(['DE', 'FR', 'IN']) } : {},
      },
      directory,
      chance,
    ),
  ]
}

/** The group takes the call, and rings one member after the other: each attempt is a leg with both sides. */
function group(call: Call, to: Group, reason: string, userType: string): readonly Leg[] {
  const { directory, chance, session, startMs } = call
  const attempts = chance.integer(1, 3)
  const ids = newLegIds(chance)
  const caller = outside(chance)
  const legs: Leg[] = []
  let atMs = startMs + 500
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const member = chance.oneOf(to.members)
    const at = times(chance, atMs, attempt === attempts)
    const attemptIds = newLegIds(chance)
    const leg = {
      session,
      ids: attemptIds,
      calling: caller,
      called: member,
      times: at,
      callType: 'SIP_ENTERPRISE',
      bothSides: true,
    }
    const related = {
      'Related call ID': ids.terminating,
      'Related reason': reason,
      'Redirect reason': reason,
      'Redirecting number': to.number,
    }
    legs.push(
      makeLeg(
        { ...leg, side: 'ORIGINATING', owner: to, more: { ...related, 'User type': userType } },
        directory,
        chance,
      ),
    )
    const elsewhere: Fields = attempt < attempts && chance.happens(0.3) ? { 'Answered elsewhere': 'Yes' } : {}
    legs.push(makeLeg({ ...leg, side: 'TERMINATING', owner: member, more: elsewhere }, directory, chance))
    atMs = at.releaseMs
  }
  const whole: LegTimes = { startMs, answerMs: startMs + 400, releaseMs: atMs }
  const queue: Fields = reason === 'CallQueue' ? { 'Queue type': 'Call Queue' } : {}
  legs.push(
    makeLeg(
      {
        session,
        ids,
        side: 'TERMINATING',
        owner: to,
        calling: caller,
        called: to,
        times: whole,
        callType: 'SIP_INBOUND',
        bothSides: false,
        more: { 'User type': userType, ...queue },
      },
      directory,
      chance,
    ),
  )
  return legs
}

/** A calls B, B passes A on to C. An attended transfer has a consultation of its own, whose Correlation ID is another. */
function transferred(call: Call, how: 'blind' | 'attended'): readonly Leg[] {
  const { directory, chance, session, startMs } = call
  const [first, second, third] = [0, 1, 2].map(() => chance.oneOf(directory.people))
  if (first === undefined || second === undefined || third === undefined) return []
  const at = times(chance, startMs, true)
  const transferMs = at.releaseMs
  const after = times(chance, transferMs, true)
  const consultation: Call = {
    ...call,
    session: how === 'blind' ? session : { ...newSession(chance), interactionId: session.interactionId },
  }
  const consulted = bothSides(
    consultation,
    second,
    third,
    after,
    how === 'blind' ? { 'Related reason': 'CallForwardAlways' } : {},
  )
  const consultedId = consulted[0]?.fields['Local call ID'] ?? ''
  const transfer: Fields = {
    'Call transfer time': transferMs,
    'Transfer related call ID': how === 'attended' ? consultedId : '',
    'Related reason': how === 'attended' ? 'ConsultativeTransfer' : 'Deflection',
  }
  return [...bothSides(call, first, second, at, transfer), ...consulted]
}

function outside(chance: Chance): Party {
  return { name: 'NA', number: outsideNumber(chance) }
}
