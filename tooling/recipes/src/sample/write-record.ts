import { catalogue } from '@cdrstream/catalogue'
import type { Party } from './parties.ts'

/** The parts of a sample record. Omitted fields are derived from the others or are empty. */
export interface SampleRecord {
  /** The number of the call, shared by all of its legs. */
  readonly call: number
  /** The number of the leg within its call, shared by both records of the leg. */
  readonly leg: number
  readonly side: 'ORIGINATING' | 'TERMINATING'
  readonly owner: Party
  /** The other end: a company party or an external number. */
  readonly other: Party | string
  /** UTC, such as `2026-11-02T15:00:00`. */
  readonly start: string
  /** Omitted if no one answered. */
  readonly answer?: string
  readonly release: string
  /** Default: SIP_ENTERPRISE. */
  readonly callType?: string
  /** More fields, by their names in the API. They override the others. */
  readonly more?: Readonly<Record<string, unknown>>
}

const seconds = (from: string, to: string) => (Date.parse(`${to}Z`) - Date.parse(`${from}Z`)) / 1_000

/** Returns the JSON text of the record as the API sends it: all catalogue keys, most of them empty. */
export function writeRecord(record: SampleRecord): string {
  const { call, leg, side, owner, other, start, answer, release } = record
  const own = { name: owner.name, number: owner.number }
  const far = typeof other === 'string' ? { name: 'NA', number: other } : other
  const [calling, called] = side === 'ORIGINATING' ? [own, far] : [far, own]
  const times = (time: string | undefined) => (time === undefined ? '' : `${time}.000Z`)
  return JSON.stringify({
    ...blank,
    'Report ID': sampleId(call, leg, side === 'ORIGINATING' ? 1 : 2),
    'Correlation ID': callId(call),
    'Network call ID': `leg-${call}-${leg}`,
    Direction: side,
    'Call type': record.callType ?? 'SIP_ENTERPRISE',
    'Start time': times(start),
    'Answer time': times(answer),
    'Release time': times(release),
    'Report time': times(release),
    Answered: String(answer !== undefined),
    'Answer indicator': answer === undefined ? 'No' : 'Yes',
    'Call outcome': 'Success',
    'Call outcome reason': answer === undefined ? 'NoAnswer' : 'Normal',
    Duration: answer === undefined ? 0 : seconds(answer, release),
    'Ring duration': String(seconds(start, answer ?? release)),
    'User UUID': owner.uuid,
    User: owner.name,
    'User type': owner.type,
    'User number': owner.number,
    Location: owner.site.name,
    'Site timezone': owner.site.timezone,
    'Calling line ID': calling.name,
    'Calling number': calling.number,
    'Called line ID': called.name,
    'Called number': called.number,
    ...record.more,
  })
}

const blank = Object.fromEntries(catalogue.map(({ name }) => [name, '']))

function callId(call: number): string {
  return `c0000000-0000-4000-8000-0000000000${String(call).padStart(2, '0')}`
}

function sampleId(call: number, leg: number, side: number): string {
  return `d0000000-0000-3000-8000-000000${String(call).padStart(2, '0')}${String(leg).padStart(2, '0')}0${side}`
}
