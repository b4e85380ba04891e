import type { PlannedSink } from '../plan/plan.ts'
import type { SinkStore } from '../sinks/sink-store.ts'

/** One destination in the world, with the data that the oracle needs about it. */
export interface SinkPlace {
  readonly plan: PlannedSink
  readonly store: SinkStore
  /** The sink's name in the configuration; undefined while it is not configured. */
  name: string | undefined
  /** The records that the sink has refused, as `org|key|rank`. */
  readonly refused: Set<string>
  /** Whether rows were deleted and the engine has not noticed yet. */
  awaitsRefill: boolean
}

/** Returns whether a reader of the sink sees this revision, or one that replaces it. */
export function isShown(
  { store }: Pick<SinkPlace, 'store'>,
  orgs: readonly string[],
  { key, rank }: { readonly key: string; readonly rank: number },
): boolean {
  return orgs.some((org) => store.has(org, key, rank))
}
