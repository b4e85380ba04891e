import type { SinkTraits } from '@cdrstream/plugin'
import { showCount, showSpan } from '../status/show-amount.ts'
import type { CatchUpStatus, SinkStatus } from '../status/status.ts'
import { type Result, warning } from './check.ts'
import { judgeState } from './judge-state.ts'

/** How long a sink can take to catch up after it was busy or unreachable. */
const patienceMs = 60_000

/**
 * Returns the journal's findings about the delivery to a sink. The sink's own check can find no problem
 * although the destination refuses the collector's records.
 */
export function judgeDelivery(
  { state, catchUp, lagRecords, lagSeconds, lostRecords, quarantined }: SinkStatus,
  { flushAfterMs = 0, batch }: SinkTraits,
  isCollecting: boolean,
  at: string,
): readonly Result[] {
  const reported = judgeState(state, at)
  const usualMs = flushAfterMs + (batch?.waitMs ?? 0) + patienceMs
  return [
    ...(reported === undefined ? [] : [reported]),
    ...(isCollecting && lagSeconds * 1_000 > usualMs
      ? [
          warning(
            'delivery-behind',
            `the collector has not delivered ${showCount(lagRecords, 'record')} yet; the oldest has been waiting for ${showSpan(lagSeconds)}`,
            reported === undefined
              ? behindRemedy(catchUp)
              : 'See what the collector reports about this sink.',
          ),
        ]
      : []),
    ...(quarantined > 0
      ? [
          warning(
            'records-refused',
            `${showCount(quarantined, 'record')} that this sink refused ${quarantined === 1 ? 'is' : 'are'} in quarantine`,
            'They are missing from the sink, and its marks show them as a gap with the reason `refused`.',
          ),
        ]
      : []),
    ...(lostRecords > 0
      ? [
          warning(
            'records-lost',
            `${showCount(lostRecords, 'record')} left the journal before this sink had them`,
            'They are missing from the sink, and its marks show them as a gap with the reason `not-delivered`. To keep records for longer while a sink is down, raise journal.keep and journal.maxBytes.',
          ),
        ]
      : []),
  ]
}

function behindRemedy(catchUp: CatchUpStatus | null): string {
  if (catchUp === null)
    return "Run `cdrstream status --watch`. The sink's state and lag show whether it is catching up."
  return catchUp.etaSeconds === null
    ? 'The sink is catching up. `cdrstream status --watch` shows how fast.'
    : `The sink is catching up, and should be done in about ${showSpan(catchUp.etaSeconds)}.`
}
