import type { Simulator } from '@cdrstream/simulator'
import type { VirtualTime } from '@cdrstream-internal/virtual-time'
import type { MarkCheck } from '../oracle/check-marks.ts'
import type { Plan } from '../plan/plan.ts'
import type { SituationBook } from '../situations.ts'
import type { SinkPlace } from './sink-place.ts'

export interface EventParts {
  readonly plan: Plan
  readonly time: VirtualTime
  readonly simulator: Simulator
  readonly places: ReadonlyMap<string, SinkPlace>
  readonly marks: ReadonlyMap<SinkPlace, MarkCheck>
  readonly situations: SituationBook
}

/** Schedules the planned events that happen regardless of the process. */
export function scheduleEvents(parts: EventParts): void {
  const { plan, time, simulator } = parts
  const { startMs, api, emptyings, rollbacks, orgs, revision } = plan
  const [org] = orgs
  if (org === undefined) return
  for (const { fromMs, toMs } of api.outages) simulator.outage(startMs + fromMs, startMs + toMs)
  for (const { reason, fromMs, toMs } of api.refusals) {
    time.at(startMs + fromMs, () => simulator.refuse(org.name, reason))
    time.at(startMs + toMs, () => simulator.refuse(org.name, 'none'))
  }
  for (const { as, fromMs, toMs } of api.unserved) {
    simulator.cannotServe(org.name, { as, fromMs: startMs + fromMs, toMs: startMs + toMs })
  }
  if (revision !== null) {
    time.at(startMs + revision.firstMs, () => insertRevised(parts, org.name, startMs))
    time.at(startMs + revision.laterMs, () => {
      insertRevised(parts, org.name, time.nowMs)
      parts.situations.happened('start-time-revised')
    })
  }
  for (const { atMs, sink, month } of emptyings) time.at(startMs + atMs, () => empty(parts, sink, month))
  for (const { sink, savedMs, restoredMs } of rollbacks) {
    let restore: () => number = () => 0
    time.at(startMs + savedMs, () => {
      restore = parts.places.get(sink)?.store.save() ?? restore
    })
    time.at(startMs + restoredMs, () => rollBack(parts, sink, restore))
  }
}

/**
 * Inserts the record, whose Start time is on the first day initially and on the second day after its
 * revision.
 */
function insertRevised({ time, simulator }: EventParts, org: string, startTimeMs: number): void {
  const { nowMs } = time
  const fields = {
    'Report ID': 'revised-start',
    'Start time': new Date(startTimeMs).toISOString(),
    'Report time': new Date(nowMs).toISOString(),
  }
  simulator.insert(org, { insertionMs: nowMs, text: JSON.stringify(fields) })
}

/** Restores the sink's rows from an older copy, as a person might. */
function rollBack({ places, marks, situations }: EventParts, sink: string, restore: () => number): void {
  const place = places.get(sink)
  if (place === undefined || restore() === 0) return
  place.awaitsRefill = true
  marks.get(place)?.restart()
  situations.happened('sink-rolled-back')
}

function empty({ places, marks, situations }: EventParts, sink: string, month: string | null): void {
  const place = places.get(sink)
  if (place === undefined || place.store.empty(month) === 0) return
  place.awaitsRefill = true
  marks.get(place)?.restart()
  situations.happened(month === null ? 'sink-emptied' : 'sink-month-emptied')
}
