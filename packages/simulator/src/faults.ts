import type { Chance } from './chance.ts'

/**
 * What goes wrong with a response. Connection faults are injected by the server or transport that delivers
 * the response.
 */
export type Fault =
  /** 500, 502 with HTML, 503 or 504. */
  | 'server-error'
  /** No response, ever. */
  | 'hang'
  /** The connection ends before the headers. */
  | 'drop'
  /** The connection ends in the middle of the headers. */
  | 'cut-headers'
  /** The connection ends in the middle of the body. */
  | 'cut'
  /** The body arrives after a delay. */
  | 'slow'
  /** A complete response with truncated JSON. */
  | 'malformed'
  /** 429, although the rate limit allows the request. */
  | 'limited'
  /** A Link header without a link. */
  | 'bad-link'
  /** A 200 with errors instead of items. */
  | 'errors'

/** The fraction of requests that each kind of fault affects, from 0 to 1. */
export type Shares<Kind extends string> = Readonly<Partial<Record<Kind, number>>>

/** The fraction of requests for records that each fault affects, from 0 to 1. */
export type FaultShares = Shares<Fault>

/** Returns a random fault according to these fractions, or undefined for none. */
export function drawFault<Kind extends string>(
  shares: Shares<Kind> | undefined,
  chance: Chance,
): Kind | undefined {
  let roll = chance.next()
  for (const [fault, share] of Object.entries(shares ?? {}) as [Kind, number][]) {
    if (roll < share) return fault
    roll -= share
  }
  return undefined
}

/** Returns whether the client still receives all items, even if late or without a link. */
export function deliversAllItems(fault: Fault | undefined): boolean {
  return fault === undefined || fault === 'slow' || fault === 'bad-link'
}
