import type { Progress, StoredRecord } from '@cdrstream/core'
import type { PageCommit } from '@cdrstream/engine'
import type { Position } from '@cdrstream/plugin'
import { textOf } from './example-page.ts'

/** The state that a journal must have after some calls, modelled without files, compression or caches. */
export interface ModelJournal {
  /** All records ever committed. The record with offset n is at index n - 1. */
  readonly records: StoredRecord[]
  /** The last offset of each commit that has records. */
  readonly commitEnds: number[]
  readonly progress: Map<string, Progress>
  readonly sinks: Map<string, Position>
  budgetCount: number
  prunedThrough: number
}

export function modelJournal(): ModelJournal {
  return {
    records: [],
    commitEnds: [],
    progress: new Map(),
    sinks: new Map(),
    budgetCount: 0,
    prunedThrough: 0,
  }
}

export function modelPosition(model: ModelJournal, incarnation: string, offset: number): Position {
  return model.records[offset - 1]?.position ?? { incarnation, offset: 0, commit: '' }
}

/**
 * Applies a commit. `end` is what the journal returned, because the model cannot know the id of the commit.
 */
export function modelCommit(model: ModelJournal, page: PageCommit, end: Position): void {
  for (const { fingerprint: _, bytes, ...record } of page.records) {
    const position = { ...end, offset: model.records.length + 1 }
    model.records.push({ ...record, text: textOf({ bytes }), org: page.org, position })
  }
  if (page.records.length > 0) model.commitEnds.push(model.records.length)
  model.progress.set(page.scope, page.progress)
  model.budgetCount += 1
}

/**
 * Prunes whole commits, oldest first, while they are expired and acknowledged. Returns how many records were
 * deleted.
 */
export function modelPrune(model: ModelJournal, expiredMs: number, sinks: readonly string[]): number {
  const before = model.prunedThrough
  const acknowledged = Math.min(...sinks.map((sink) => model.sinks.get(sink)?.offset ?? 0))
  for (const end of model.commitEnds.filter((offset) => offset > before)) {
    const newestMs = Math.max(
      ...model.records.slice(model.prunedThrough, end).map(({ acceptedAtMs }) => acceptedAtMs),
    )
    if (end > acknowledged || newestMs >= expiredMs) break
    model.prunedThrough = end
  }
  return model.prunedThrough - before
}
