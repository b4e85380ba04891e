import type { Simulator } from '@cdrstream/simulator'
import type { VirtualTime } from '@cdrstream-internal/virtual-time'
import { findBehind } from '../oracle/find-behind.ts'
import type { Findings } from '../oracle/findings.ts'
import type { Plan } from '../plan/plan.ts'
import type { Configuration } from './configuration.ts'
import type { JournalPlace } from './journal-place.ts'
import type { ProcessLife } from './process-life.ts'
import type { SinkPlace } from './sink-place.ts'

export interface DrainParts {
  readonly plan: Plan
  readonly time: VirtualTime
  readonly simulator: Simulator
  readonly configuration: Configuration
  readonly places: ReadonlyMap<string, SinkPlace>
  readonly files: JournalPlace
  readonly findings: Findings
  readonly life: ProcessLife
}

const minuteMs = 60_000
/** How long draining can take once all records can be read. */
const drainMs = 120 * minuteMs

/**
 * Turns off all faults and waits until everything is collected and delivered. Records a finding if that takes
 * too long.
 */
export async function drainWorld(parts: DrainParts): Promise<void> {
  const { plan, time, simulator, places, life, findings } = parts
  const { mix, api, orgs } = plan
  simulator.heal()
  for (const { name } of orgs) simulator.refuse(name, 'none')
  simulator.stopCalls()
  // Late records may still be inserted, and the last one must settle before it can be read.
  let lastMs = Math.max(time.nowMs, lastInsertionMs(simulator)) + minuteMs
  insertClosingRecords(parts, lastMs)
  await life.until(lastMs + api.terms.settleMs)
  // The audit finds all records that became visible late. After it, closing records are needed again.
  if (mix.lagMaxMs > 0) {
    lastMs = time.nowMs + api.terms.retentionMs
    await life.until(lastMs)
    insertClosingRecords(parts, lastMs)
    await life.until(lastMs + api.terms.settleMs)
  }
  // The engine detects deleted rows only when it opens the sink.
  if ([...places.values()].some(({ name, awaitsRefill }) => name !== undefined && awaitsRefill)) {
    await life.break({ how: 'stop', downMs: 0 })
  }
  const endMs = time.nowMs + drainMs
  let behind = await behindNow(parts, lastMs)
  while (behind.length > 0 && time.nowMs < endMs) {
    await life.until(time.nowMs + minuteMs)
    behind = await behindNow(parts, lastMs)
  }
  for (const what of behind) findings.add('stuck', what)
  if (!(await life.end())) findings.add('stuck', 'the process does not stop')
}

function lastInsertionMs({ ledger }: Simulator): number {
  return [...ledger.entries.values()].reduce((last, { insertionMs }) => Math.max(last, insertionMs), 0)
}

/**
 * Inserts a few last records, because the engine isolates a record that makes a sink throw only once others
 * follow it.
 */
function insertClosingRecords({ plan, simulator }: DrainParts, insertionMs: number): void {
  for (const { name } of plan.orgs) {
    for (let number = 0; number < 3; number += 1) {
      const fields = {
        'Report ID': `closing-${number}`,
        'Report time': new Date(insertionMs).toISOString(),
        Duration: number,
      }
      simulator.insert(name, { insertionMs, text: JSON.stringify(fields) })
    }
  }
}

function behindNow(
  { plan, time, configuration, places, files }: DrainParts,
  lastMs: number,
): Promise<readonly string[]> {
  const { behaviour, terms } = plan.api
  return findBehind({
    journal: files.journal,
    orgs: [...configuration.orgs.values()],
    places: [...places.values()],
    // The API rounds the bounds of a window down to whole seconds of its own time, which may be off by a
    // fraction.
    throughMs: lastMs + behaviour.dateSkewMs + 1_000,
    oldestMs: time.nowMs + behaviour.dateSkewMs - terms.retentionMs,
  })
}
