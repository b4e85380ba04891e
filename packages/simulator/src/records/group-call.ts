import type { Chance } from '../chance.ts'
import { type Call, drawTimes, internalLeg } from './call.ts'
import { type Group, outsideNumber, type Person } from './directory.ts'
import { type Leg, type LegIds, type LegTimes, makeLeg, newLegIds } from './leg.ts'
import type { Fields } from './record-text.ts'

/** The fraction of queue calls whose caller gives up. */
const abandonedShare = 0.15
/** The fraction of answered calls that ring several members at the same time. */
const togetherShare = 0.3
/** The longest time between the end of the last leg and the caller's release, in milliseconds. */
const lastReleaseMs = 300

/**
 * Returns a call to a hunt group or a queue, which rings its members one after another until one answers, or
 * several at once. Some callers in a queue give up first. The group has one terminating record, and an
 * originating record for each attempt, so an internal call with three attempts has eight records.
 */
export function groupCall(call: Call, group: Group): readonly Leg[] {
  const { chance } = call
  const ids = newLegIds(chance)
  const isAbandoned = group.reason === 'CallQueue' && chance.happens(abandonedShare)
  const attempts = isAbandoned
    ? attemptsInTurn(call, group, chance.integer(0, maxAttempts), false)
    : chance.happens(togetherShare)
      ? attemptsTogether(call, group)
      : attemptsInTurn(call, group, chance.integer(1, maxAttempts), true)
  const waitedMs = attempts.length === 0 ? chance.integer(...patienceMs) : 0
  const lastMs = Math.max(firstRingMs + waitedMs, ...attempts.map(({ times }) => times.releaseMs))
  // The group itself always answers. Only the members' records show whether a person did.
  const times = { startMs: 0, answerMs: 400, releaseMs: lastMs + chance.integer(0, lastReleaseMs) }
  return [
    ...attempts.flatMap((attempt) => ringMember(call, group, ids, attempt)),
    ...enterGroup(call, group, ids, times),
  ]
}

const firstRingMs = 500
/** How long a caller waits before giving up if no member is rung, in milliseconds. */
const patienceMs = [3_000, 90_000] as const
const maxAttempts = 3

interface Attempt {
  readonly member: Person
  readonly times: LegTimes
  /** Whether a colleague answered while this member's phone rang. */
  readonly isElsewhere: boolean
}

/** Rings members one after another. The last one answers, or the caller gives up. */
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

/** Rings several members at once. One answers, and the others' phones stop ringing. */
function attemptsTogether({ chance }: Call, { members }: Group): readonly Attempt[] {
  const [answering, ...others] = someOf(members, chance.integer(2, maxAttempts), chance)
  const times = drawTimes(chance, firstRingMs, true)
  const stopped = { startMs: firstRingMs, answerMs: null, releaseMs: times.answerMs ?? times.releaseMs }
  return [
    ...others.map((member) => ({ member, times: stopped, isElsewhere: true })),
    ...(answering === undefined ? [] : [{ member: answering, times, isElsewhere: false }]),
  ]
}

/** Returns this many distinct members. */
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
