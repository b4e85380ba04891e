import { type Chance, uuidOf } from '../chance.ts'
import type { Directory, Group, Person } from './directory.ts'
import type { Fields } from './record-text.ts'

/** One side of a call leg, which is one record. */
export interface Leg {
  /** The end of the leg (its Release time and Report time), in milliseconds after the start of the call. */
  readonly releaseMs: number
  /** The site's name, which the API can filter by. */
  readonly location: string
  /**
   * Returns the record's content. Values that occur only in this record are drawn from `chance`, so that a
   * call can be planned without generating its text. Pass a generator with the same seed each time. Its first
   * value is the Report ID.
   */
  fields(chance: Chance): Fields
}

export function reportIdOf(chance: Chance): string {
  return uuidOf(chance)
}

/** The data that the legs of one call session share. */
export interface CallSession {
  readonly correlationId: string
  readonly interactionId: string
}

export function newCallSession(chance: Chance): CallSession {
  return { correlationId: uuidOf(chance), interactionId: uuidOf(chance) }
}

/** The IDs of both ends of a leg. IDs that are local in one side's record are remote in the other's. */
export interface LegIds {
  readonly originating: End
  readonly terminating: End
  readonly network: string
}

interface End {
  readonly callId: string
  readonly sessionId: string
}

export function newLegIds(chance: Chance): LegIds {
  const end = (): End => ({
    callId: `${chance.integer(10_000_000, 2_000_000_000)}:0`,
    sessionId: chance.hex(32),
  })
  return {
    originating: end(),
    terminating: end(),
    network: `BW${chance.integer(100_000_000, 999_999_999)}-${chance.hex(8)}@${privateAddress(chance)}`,
  }
}

/** The times of a leg, in milliseconds after the start of the call. */
export interface LegTimes {
  readonly startMs: number
  /** Null if the leg was never answered. */
  readonly answerMs: number | null
  readonly releaseMs: number
}

interface Party {
  readonly name: string
  readonly number: string
}

export interface LegOptions {
  readonly session: CallSession
  readonly ids: LegIds
  readonly side: 'ORIGINATING' | 'TERMINATING'
  readonly owner: Person | Group
  readonly calling: Party
  readonly called: Party
  readonly times: LegTimes
  readonly callType: string
  /** Whether the other side of the leg also has a record. */
  readonly bothSides: boolean
  readonly more?: Fields
}

export function makeLeg(options: LegOptions, directory: Directory): Leg {
  return {
    releaseMs: options.times.releaseMs,
    location: options.owner.site.name,
    fields: (chance) => legFields(options, directory, chance),
  }
}

function legFields(options: LegOptions, directory: Directory, chance: Chance): Fields {
  const { session, ids, side, owner, calling, called, times, callType, bothSides, more } = options
  const reportId = reportIdOf(chance)
  const originating = side === 'ORIGINATING'
  const [own, other] = originating ? [ids.originating, ids.terminating] : [ids.terminating, ids.originating]
  const { answerMs, releaseMs, startMs } = times
  const answered = answerMs !== null
  const ringMs = (answerMs ?? releaseMs) - startMs
  return {
    'Answer time': answerMs ?? '',
    Answered: String(answered),
    Direction: side,
    'Called line ID': called.name,
    'Call ID': `SSE${chance.integer(1e8, 9e8)}${chance.hex(6)}@${privateAddress(chance)}`,
    'Calling line ID': calling.name,
    'Start time': startMs,
    'Call type': callType,
    'Correlation ID': session.correlationId,
    Duration: answered ? wholeSeconds(releaseMs - answerMs) : 0,
    'Org UUID': directory.orgUuid,
    'Report ID': reportId,
    'Report time': releaseMs,
    'Release time': releaseMs,
    'Site main number': owner.site.mainNumber,
    'Site timezone': owner.site.timezone,
    'Site UUID': owner.site.uuid,
    Location: owner.site.name,
    'User UUID': owner.uuid,
    User: owner.name,
    'User number': owner.number,
    'Called number': called.number,
    'Calling number': calling.number,
    'Dialed digits': originating ? called.number : '',
    'Releasing party': chance.oneOf(['Local', 'Remote']),
    'Local SessionID': own.sessionId,
    'Remote SessionID': other.sessionId,
    'Final local SessionID': own.sessionId,
    'Final remote SessionID': other.sessionId,
    'Local call ID': own.callId,
    'Remote call ID': bothSides ? other.callId : '',
    'Network call ID': ids.network,
    'Call outcome': answered ? 'Success' : 'Refusal',
    'Call outcome reason': answered ? 'Normal' : 'NoAnswer',
    'Ring duration': String(wholeSeconds(ringMs)),
    'Answer indicator': answered ? 'Yes' : 'No',
    'Caller ID number': calling.number,
    'External caller ID number': calling.number,
    'Hold duration': answered && chance.happens(0.1) ? chance.integer(5, 60) : 0,
    'Interaction ID': session.interactionId,
    ...('members' in owner ? serviceFields(owner) : deviceFields(owner)),
    ...(callType === 'SIP_ENTERPRISE' ? {} : pstnFields(originating, chance)),
    ...more,
  }
}

function wholeSeconds(ms: number): number {
  return Math.floor(ms / 1_000)
}

function serviceFields({ reason }: Group): Fields {
  return reason === 'HuntGroup'
    ? { 'User type': 'HuntGroup' }
    : { 'User type': 'CallCenterStandard', 'Queue type': 'Call Queue' }
}

function deviceFields(owner: Person): Fields {
  return {
    'User type': 'User',
    'Device MAC': owner.mac,
    Model: owner.model,
    'Client type': owner.clientType,
    'Client version': owner.clientVersion,
    'OS type': owner.osType,
    'Device owner UUID': owner.mac === '' ? '' : owner.uuid,
  }
}

function pstnFields(originating: boolean, chance: Chance): Fields {
  const carrier = { 'PSTN vendor name': 'Example Carrier', 'PSTN legal entity': 'Example Carrier Inc.' }
  if (originating) return { ...carrier, 'Outbound trunk': 'Example Trunk', 'Route group': 'Example Routes' }
  const reputation = chance.happens(0.2)
    ? {
        'Caller Reputation Score': (chance.integer(0, 50) / 10).toFixed(1),
        'Caller Reputation Service Result': chance.oneOf(['allow', 'captcha-allow', 'block']),
      }
    : {}
  return { ...carrier, 'Inbound trunk': 'Example Trunk', ...reputation }
}

/** Real call IDs contain private addresses (docs/api/webex-cdr-api.md, section 11). */
function privateAddress(chance: Chance): string {
  return `10.21.${chance.integer(0, 255)}.${chance.integer(1, 254)}`
}
