import type { Chance } from '../chance.ts'
import type { Directory, Group, Person } from './directory.ts'
import {
  type CallSession,
  type Leg,
  type LegIds,
  type LegTimes,
  makeLeg,
  newCallSession,
  newLegIds,
} from './leg.ts'
import type { Fields } from './record-text.ts'

/** The data that all legs of a call are generated from. */
export interface Call {
  readonly directory: Directory
  readonly chance: Chance
  readonly session: CallSession
}

export function newCall(directory: Directory, chance: Chance): Call {
  return { directory, chance, session: newCallSession(chance) }
}

/**
 * Returns random times for a leg that starts at `startMs`. Most conversations are short; a few are very long.
 */
export function drawTimes(chance: Chance, startMs: number, answered: boolean): LegTimes {
  const ringMs = chance.integer(1_500, answered ? 12_000 : 30_000)
  if (!answered) return { startMs, answerMs: null, releaseMs: startMs + ringMs }
  const talkMs = Math.floor(5_000 + 90_000 * -Math.log(1 - chance.next() * 0.999))
  return { startMs, answerMs: startMs + ringMs, releaseMs: startMs + ringMs + talkMs }
}

export interface InternalLeg {
  readonly from: Person | Group
  readonly to: Person | Group
  readonly times: LegTimes
  readonly ids?: LegIds
  readonly originating?: Fields
  readonly terminating?: Fields
}

/**
 * Returns the two records of a leg within the company. They refer to each other's call ID and share the
 * Network call ID.
 */
export function internalLeg(call: Call, { from, to, times, ids, ...more }: InternalLeg): readonly Leg[] {
  const leg = {
    session: call.session,
    ids: ids ?? newLegIds(call.chance),
    calling: from,
    called: to,
    times,
    callType: 'SIP_ENTERPRISE',
    bothSides: true,
  }
  return [
    makeLeg({ ...leg, side: 'ORIGINATING', owner: from, more: more.originating ?? {} }, call.directory),
    makeLeg({ ...leg, side: 'TERMINATING', owner: to, more: more.terminating ?? {} }, call.directory),
  ]
}
