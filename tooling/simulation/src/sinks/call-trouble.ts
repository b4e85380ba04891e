import type { Call, Retry } from '@cdrstream/plugin'
import type { Chance } from '@cdrstream-internal/chance'
import type { SituationBook } from '../situations.ts'
import type { CallTrouble, SinkOutage, SinkTroubles } from './sink-troubles.ts'

export interface TroubleParts {
  readonly chance: Chance
  readonly nowMs: () => number
  /** Returns the current troubles. */
  readonly troubles: () => SinkTroubles
  readonly situations: SituationBook
}

/** Returns the current outage, if any. */
export function outage({ troubles, nowMs }: TroubleParts): SinkOutage | undefined {
  const atMs = nowMs()
  return troubles().outages.find(({ fromMs, toMs }) => fromMs <= atMs && atMs < toMs)
}

/** Returns what goes wrong with this call, or undefined for nothing. */
export function callTrouble(
  options: TroubleParts,
  possible: readonly CallTrouble[],
): CallTrouble | undefined {
  const current = outage(options)
  if (current !== undefined && current.how !== 'refuse-all') {
    options.situations.happened('sink-down')
    return current.how
  }
  const { shares } = options.troubles()
  let roll = options.chance.next()
  for (const trouble of possible) {
    if (roll < shares[trouble]) return trouble
    roll -= shares[trouble]
  }
  return undefined
}

/**
 * Returns the outcome that the trouble causes, or throws. Returns undefined if it does not affect the
 * outcome.
 */
export async function injectTrouble(
  { situations }: TroubleParts,
  trouble: CallTrouble,
  call: Call,
): Promise<Retry | { kind: 'failed'; code: string; remedy: string } | undefined> {
  switch (trouble) {
    case 'retry':
      situations.happened('sink-retried')
      return { kind: 'retry' }
    case 'reopen':
      situations.happened('sink-asked-to-reopen')
      return { kind: 'retry', reopen: true }
    case 'failed':
      situations.happened('sink-failed')
      return { kind: 'failed', code: 'planned', remedy: 'wait until the planned failure ends' }
    case 'throw':
    case 'half':
    case 'lost':
      situations.happened('sink-threw')
      throw new Error('planned: the call failed')
    case 'hang':
    case 'lost-hang':
      situations.happened('sink-hung')
      await aborted(call.signal)
      throw new Error('planned: the call was aborted')
    case 'again':
      return undefined
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
