/** How a sink misbehaves. Shares are fractions of all calls, from 0 to 1. */
export interface SinkTroubles {
  readonly shares: Readonly<Record<CallTrouble, number>>
  /** The records that the sink can never write, chosen by their key. */
  readonly poison: Poison | null
  /** The times at which every call fails. */
  readonly outages: readonly SinkOutage[]
  /** The fraction of `mark` calls that throw. */
  readonly markThrows: number
}

/**
 * - `retry`, `reopen`, `failed`: does nothing, and answers with that outcome
 * - `throw`: does nothing, and throws
 * - `half`: throws, after writing half of the batch if the sink has idempotence `key`
 * - `hang`: does nothing, and settles only once the call is aborted
 * - `lost`, `lost-hang`: does everything, and then throws or hangs
 * - `again`: asks for some records again
 */
export type CallTrouble =
  | 'retry'
  | 'reopen'
  | 'failed'
  | 'throw'
  | 'half'
  | 'hang'
  | 'lost'
  | 'lost-hang'
  | 'again'

export interface Poison {
  readonly share: number
  readonly how: 'refuse' | 'reject' | 'throw'
}

export interface SinkOutage {
  readonly fromMs: number
  readonly toMs: number
  readonly how: 'retry' | 'failed' | 'throw' | 'hang' | 'refuse-all'
}

export const noShares: SinkTroubles['shares'] = {
  retry: 0,
  reopen: 0,
  failed: 0,
  throw: 0,
  half: 0,
  hang: 0,
  lost: 0,
  'lost-hang': 0,
  again: 0,
}

export const noTroubles: SinkTroubles = { shares: noShares, poison: null, outages: [], markThrows: 0 }

/** Returns whether a record with this key can never be written. */
export function isPoison(key: string, { share }: Poison): boolean {
  let hash = 0x811c9dc5
  for (let at = 0; at < key.length; at += 1) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193)
  hash ^= hash >>> 15
  return (hash >>> 0) / 0x1_0000_0000 < share
}
