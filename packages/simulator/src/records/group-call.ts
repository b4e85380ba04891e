import type { Chance } from '../chance.ts'
import { type Call, drawTimes, internalLeg } from './call.ts'
import { type Group, outsideNumber, type Person } from './directory.ts'
import { type Leg, type LegIds, type LegTimes, makeLeg, newLegIds } from './leg.ts'
import type { Fields } from './record-text.ts'

/**
 * The share of the calls in a queue whose caller gives up, and of answered calls that ring several members at
 * once.
 */
const abandonedShare = 0.15
const togetherShare = 0.3
/** The caller is let go of when the last leg has ended. */
const lastReleaseMs = 300

/**
 * A hunt group or a queue takes the call, and rings one member after the other until one answers, or several
 * at once. In a queue, some callers give up before. The group has a terminating record, and an originating
 * one for each attempt that names it: with three attempts an internal call makes eight records.
 */
export function groupCall(call: Call, group: Group): readonly Leg[] {
  const { chance } = call
  const ids = newLegIds(chance)
  const isAbandoned = group.reason === 'CallQueue' && chance.happens(abandonedShare)
  const attempts = isAbandoned
    ? attemptsInTurn(call, group, chance.integer(0, mostAttempts), false)
    : chance.happens(togetherShare)
      ? attemptsTogether(call, group)
      : attemptsInTurn(call, group, chance.integer(1, mostAttempts), true)
  const waitedMs = attempts.length === 0 ? chance.integer(...patienceMs) : 0
  const lastMs = Math.max(firstRingMs + waitedMs, ...attempts.map(({ times }) => times.releaseMs))
  // Answered: by the group. Whether a person did is for the members' records to say.
  const times = { startMs: 0, answerMs: 400, releaseMs: lastMs + chance.integer(0, lastReleaseMs) }
  return [
    ...attempts.flatMap((attempt) => ringMember(call, group, ids, attempt)),
    ...enterGroup(call, group, ids, times),
  ]
}

const firstRingMs = 500
/** How long a caller waits who gives up before anybody is rung. */
const patienceMs = [3_000, 90_000] as const
const mostAttempts = 3

interface Attempt {
  readonly member: Person
  readonly times: LegTimes
  /** A colleague answered while it rang. */
  readonly isElsewhere: boolean
}

/** Members one after the other, of whom the last answers, or the caller gives up. */
function attemptsInTurn(
  { chance }: Call,
  { members }: Group,
  count: number,
  isAnswered: boolean,
): readonly Attempt[] {
  const rung = someOf(members, count, chance)
  let atMs = firstRingMs
  return rung.map((member, index) => {
    const times = drawTimes(chance, atMs, isAnswered && index === rung.length - 1)
    atMs = times.releaseMs
    return { member, times, isElsewhere: false }
  })
}

/** Several members at once, of whom one answers: the phones of the others stop ringing then. */
function attemptsTogether({ chance }: Call, { members }: Group): readonly Attempt[] {
  const [taker, ...others] = someOf(members, chance.integer(2, mostAttempts), chance)
  const times = drawTimes(chance, firstRingMs, true)
  const stopped = { startMs: firstRingMs, answerMs: null, releaseMs: times.answerMs ?? times.releaseMs }
  return [
    ...others.map((member) => ({ member, times: stopped, isElsewhere: true })),
    ...(taker === undefined ? [] : [{ member: taker, times, isElsewhere: false }]),
  ]
}

/** Returns this many of the members, each once. */
function someOf(members: readonly Person[], count: number, chance: Chance): readonly Person[] {
  const left = [...members]
  return Array.from({ length: Math.min(count, left.length) }, () => {
    const [member] = left.splice(chance.integer(0, left.length - 1), 1)
    return member as Person
  })
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

function ringMember(
  call: Call,
  group: Group,
  entered: LegIds,
  { member, times, isElsewhere }: Attempt,
): readonly Leg[] {
  const redirected: Fields = {
    'Redirect reason': group.reason,
    'Redirecting number': group.number,
    'Redirecting party UUID': group.uuid,
    'Original reason': group.reason,
    'Original called party UUID': group.uuid,
  }
  return internalLeg(call, {
    from: group,
    to: member,
    times,
    originating: {
      ...redirected,
      'Related call ID': entered.terminating.callId,
      'Related reason': group.reason,
    },
    terminating: { ...redirected, ...(isElsewhere ? { 'Answered elsewhere': 'Yes' } : {}) },
  })
}
