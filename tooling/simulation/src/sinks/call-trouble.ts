import type { Call, Retry } from '@cdrstream/plugin'
import type { Chance } from '@cdrstream-internal/chance'
import type { SituationBook } from '../situations.ts'
import type { CallTrouble, SinkOutage, SinkTroubles } from './sink-troubles.ts'

export interface TroubleParts {
  readonly chance: Chance
  readonly nowMs: () => number
  /** Of now. */
  readonly troubles: () => SinkTroubles
  readonly situations: SituationBook
}

/** The outage of now. */
export function outage({ troubles, nowMs }: TroubleParts): SinkOutage | undefined {
  const atMs = nowMs()
  return troubles().outages.find(({ fromMs, toMs }) => fromMs <= atMs && atMs < toMs)
}

/** What goes wrong with this call; undefined: nothing. */
export function callTrouble(
  options: TroubleParts,
  possible: readonly CallTrouble[],
): CallTrouble | undefined {
  const now = outage(options)
  if (now !== undefined && now.how !== 'refuse-all') {
    options.situations.happened('sink-down')
    return now.how
  }
  const { shares } = options.troubles()
  let lot = options.chance.next()
  for (const trouble of possible) {
    if (lot < shares[trouble]) return trouble
    lot -= shares[trouble]
  }
  return undefined
}

/** Answers as the trouble says. Undefined: this trouble does not spoil the answer. */
export async function spoil(
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
      return { kind: 'failed', code: 'planned', remedy: 'wait for the end of the plan' }
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
