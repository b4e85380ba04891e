import { catalogue } from '@cdrstream/catalogue'
import { type Chance, uuidOf } from '../chance.ts'
import type { Directory, Group, Person } from './directory.ts'

/** The fields of a record by their names on the wire; what is left out is empty. */
export type Fields = Readonly<Record<string, string | number>>

/** One leg of a call, seen from one side. */
export interface Leg {
  readonly fields: Fields
  /** When the leg ended: its Release time and Report time, in milliseconds after the beginning of the call. */
  readonly releaseMs: number
}

/** Null markers as they were seen on the wire (api facts, section 9). */
const usual: Fields = {
  Duration: 0,
  'Hold duration': 0,
  'Ring duration': '0',
  'Called line ID': 'NA',
  'Calling line ID': 'NA',
  'OS type': 'na',
  Model: 'na',
  'Public Calling IP Address': 'NA',
  'Public Called IP Address': 'NA',
  'Auto Attendant Key Pressed': 'NA',
  'WxCC consult merge status': 'NA',
  'Answer reason': 'N/A',
}

/**
 * All keys are on the wire, empty ones as "", in the order that was seen. Times are numbers in `fields`: milliseconds after
 * `zeroMs`.
 */
export function recordText(fields: Fields, zeroMs: number): string {
  const record: Record<string, string | number> = {}
  for (const { name, type } of catalogue) {
    const value = fields[name] ?? usual[name] ?? ''
    record[name] =
      type === 'timestamp' && typeof value === 'number' ? new Date(zeroMs + value).toISOString() : value
  }
  return JSON.stringify(record)
}

/** What the legs of one call session have in common. */
export interface Session {
  readonly correlationId: string
  readonly interactionId: string
}

export function newSession(chance: Chance): Session {
  return { correlationId: uuidOf(chance), interactionId: uuidOf(chance) }
}

/** The two ends of a leg: each side's record names them crossed. */
export interface LegIds {
  readonly originating: string
  readonly terminating: string
  readonly network: string
}

export function newLegIds(chance: Chance): LegIds {
  const callId = () => `${chance.integer(10_000_000, 2_000_000_000)}:0`
  return {
    originating: callId(),
    terminating: callId(),
    network: `BW${chance.integer(100_000_000, 999_999_999)}-${chance.hex(8)}@10.21.${chance.integer(0, 255)}.${chance.integer(1, 254)}`,
  }
}

export interface LegTimes {
  readonly startMs: number
  /** Null: never answered. */
  readonly answerMs: number | null
  readonly releaseMs: number
}

export interface Party {
  readonly name: string
  readonly number: string
}

export interface LegOptions {
  readonly session: Session
  readonly ids: LegIds
  readonly side: 'ORIGINATING' | 'TERMINATING'
  readonly owner: Person | Group
  readonly calling: Party
  readonly called: Party
  readonly times: LegTimes
  readonly callType: string
  /** The other side's record exists too. */
  readonly bothSides: boolean
  readonly more?: Fields
}

/** The record of one side of a leg. */
export function makeLeg(options: LegOptions, directory: Directory, chance: Chance): Leg {
  const { session, ids, side, owner, calling, called, times, callType, bothSides, more } = options
  const originating = side === 'ORIGINATING'
  const answered = times.answerMs !== null
  const durationSec = times.answerMs === null ? 0 : Math.round((times.releaseMs - times.answerMs) / 1_000)
  const ringSec = Math.round(((times.answerMs ?? times.releaseMs) - times.startMs) / 1_000)
  const fields: Fields = {
    'Answer time': times.answerMs ?? '',
    Answered: String(answered),
    Direction: side,
    'Called line ID': called.name,
    'Call ID': `SSE${chance.integer(1e8, 9e8)}${chance.hex(6)}@10.21.${chance.integer(0, 255)}.${chance.integer(1, 254)}`,
    'Calling line ID': calling.name,
    'Start time': times.startMs,
    'Call type': callType,
    'Correlation ID': session.correlationId,
    Duration: durationSec,
    'Org UUID': directory.orgUuid,
    'Report ID': uuidOf(chance),
    'Report time': times.releaseMs,
    'Release time': times.releaseMs,
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
    'Local SessionID': chance.hex(32),
    'Remote SessionID': chance.hex(32),
    'Final local SessionID': chance.hex(32),
    'Final remote SessionID': chance.hex(32),
    'Local call ID': originating ? ids.originating : ids.terminating,
    'Remote call ID': bothSides ? (originating ? ids.terminating : ids.originating) : '',
    'Network call ID': ids.network,
    'Call outcome': answered ? 'Success' : 'Refusal',
    'Call outcome reason': answered ? 'Normal' : 'NoAnswer',
    'Ring duration': String(ringSec),
    'Answer indicator': answered ? 'Yes' : 'No',
    'Caller ID number': calling.number,
    'External caller ID number': calling.number,
    'Hold duration': answered && chance.happens(0.1) ? chance.integer(5, 60) : 0,
    'Interaction ID': session.interactionId,
    ...deviceFields(owner),
    ...(callType === 'SIP_ENTERPRISE' ? {} : pstnFields(originating)),
    ...more,
  }
  return { fields, releaseMs: times.releaseMs }
}

function deviceFields(owner: Person | Group): Fields {
  if (!('mac' in owner)) return {}
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

function pstnFields(originating: boolean): Fields {
  return {
    'PSTN vendor name': 'Example Carrier',
    'PSTN legal entity': 'Example Carrier Inc.',
    ...(originating
      ? { 'Outbound trunk': 'Example Trunk', 'Route group': 'Example Routes' }
      : { 'Inbound trunk': 'Example Trunk' }),
  }
}
