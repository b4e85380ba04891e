/** How a sink misbehaves. Shares are of calls. */
export interface SinkTroubles {
  readonly shares: Readonly<Record<CallTrouble, number>>
  /** Records that it can never write, chosen by their key. */
  readonly poison: Poison | null
  /** When nothing works. */
  readonly outages: readonly SinkOutage[]
  /** Share of `mark` and `holds` calls that throw. */
  readonly markThrows: number
}

/**
 * - `retry`, `reopen`, `failed`: it says so; nothing was done
 * - `throw`: nothing was done; `half`: half of the batch was written, where the records come again in any
 *   case
 * - `hang`: nothing was done, and the call settles only when it is aborted
 * - `lost`, `lost-hang`: everything was done, and the call throws, or hangs
 * - `again`: some records are to be sent again
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

/** Whether a record with this key can never be written. */
export function isPoison(key: string, { share }: Poison): boolean {
  let hash = 0x811c9dc5
  for (let at = 0; at < key.length; at += 1) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193)
  hash ^= hash >>> 15
  return (hash >>> 0) / 0x1_0000_0000 < share
}
