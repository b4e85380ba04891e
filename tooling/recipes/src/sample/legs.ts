import { orders, type Party } from './parties.ts'
import type { SampleRecord } from './write-record.ts'

/** A customer, who always calls from the same number. */
const customer = '+13125550140'

type Times = Pick<SampleRecord, 'start' | 'answer' | 'release'>

/** Returns a leg inside the company, for which both sides have a record. */
export function inside(
  leg: { readonly call: number; readonly leg: number; readonly from: Party; readonly to: Party } & Times,
  originating: SampleRecord['more'] = {},
  terminating: SampleRecord['more'] = {},
): readonly SampleRecord[] {
  const { from, to, ...rest } = leg
  return [
    { ...rest, side: 'ORIGINATING', owner: from, other: to, more: originating },
    { ...rest, side: 'TERMINATING', owner: to, other: from, more: terminating },
  ]
}

/**
 * Returns an attempt by a queue or group to ring a member: its own originating record, and the record of the
 * member, who sees the customer's number.
 */
export function ring(
  leg: { readonly call: number; readonly leg: number; readonly group: Party; readonly to: Party } & Times,
  terminating: SampleRecord['more'] = {},
): readonly SampleRecord[] {
  const { group, ...rest } = leg
  const reason = group === orders ? 'CallQueue' : 'HuntGroup'
  const redirected = {
    'Redirect reason': reason,
    'Redirecting number': group.number,
    'Redirecting party UUID': group.uuid,
  }
  return inside(
    { ...rest, from: group },
    { ...redirected, 'Related reason': reason },
    { ...redirected, 'Calling line ID': 'NA', 'Calling number': customer, ...terminating },
  )
}

export const fromOutside = (record: Omit<SampleRecord, 'side' | 'other' | 'callType'>): SampleRecord => ({
  ...record,
  side: 'TERMINATING',
  other: customer,
  callType: 'SIP_INBOUND',
  more: { 'Inbound trunk': 'Chicago SIP', ...record.more },
})

export const abroad = (
  record: Omit<SampleRecord, 'side' | 'callType'> & { readonly country: string; readonly trunk: string },
): SampleRecord => {
  const { country, trunk, ...rest } = record
  return {
    ...rest,
    side: 'ORIGINATING',
    callType: 'SIP_INTERNATIONAL',
    more: { 'International country': country, 'Outbound trunk': trunk, ...record.more },
  }
}
