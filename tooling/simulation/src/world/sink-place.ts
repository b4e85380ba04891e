import type { PlannedSink } from '../plan/plan.ts'
import type { SinkStore } from '../sinks/sink-store.ts'

/** One destination of the world, with what the oracle has to know of its fate. */
export interface SinkPlace {
  readonly plan: PlannedSink
  readonly store: SinkStore
  /** Its name in the configuration; undefined while it is not configured. */
  name: string | undefined
  /** Records, as `org|key|rank`, of which the sink has said that it cannot write them. */
  readonly refused: Set<string>
  /** Its rows were deleted, and it was not opened since. */
  awaitsRefill: boolean
}

/** Whether a reader of the sink finds this revision, or one that replaces it. */
export function isShown(
  { store }: Pick<SinkPlace, 'store'>,
  orgs: readonly string[],
  { key, rank }: { readonly key: string; readonly rank: number },
): boolean {
  return orgs.some((org) => store.has(org, key, rank))
}
