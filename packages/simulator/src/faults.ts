import type { Chance } from './chance.ts'

/** What goes wrong with an answer. The server, or whatever else carries the answer, performs it. */
export type Fault =
  /** 500, 502 with HTML, 503 or 504. */
  | 'server-error'
  /** No answer, ever. */
  | 'hang'
  /** The connection ends before the headers. */
  | 'drop'
  /** The connection ends in the middle of the headers. */
  | 'cut-headers'
  /** The connection ends in the middle of the body. */
  | 'cut'
  /** The body comes only after a while. */
  | 'slow'
  /** A whole answer whose JSON is not whole. */
  | 'malformed'
  /** 429 although the budget allows the request. */
  | 'limited'
  /** A Link header that says nothing. */
  | 'bad-link'
  /** A 200 that has errors in place of items. */
  | 'errors'

/** The share of requests that each kind of fault meets. */
export type Shares<Kind extends string> = Readonly<Partial<Record<Kind, number>>>

export type FaultShares = Shares<Fault>

export function drawFault<Kind extends string>(
  shares: Shares<Kind> | undefined,
  chance: Chance,
): Kind | undefined {
  let lot = chance.next()
  for (const [fault, share] of Object.entries(shares ?? {}) as [Kind, number][]) {
    if (lot < share) return fault
    lot -= share
  }
  return undefined
}

/** Whether the receiver gets all items, if somewhat late or without a link. */
export function leavesItemsWhole(fault: Fault | undefined): boolean {
  return fault === undefined || fault === 'slow' || fault === 'bad-link'
}
