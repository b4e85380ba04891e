import type { EngineOptions } from './engine-options.ts'
import type { EngineActivity } from './ports/index.ts'

/** Returns an `activity` that the loops can call safely because it never throws. */
export function guardActivity({
  activity,
  log,
}: Pick<EngineOptions, 'activity' | 'log'>): EngineActivity | undefined {
  if (activity === undefined) return undefined
  const guard = (call: () => void) => {
    try {
      call()
    } catch (error) {
      log.error("the engine's observer failed", { error })
    }
  }
  return {
    loopMoved: (loop, dueMs) => guard(() => activity.loopMoved(loop, dueMs)),
    loopEnded: (loop) => guard(() => activity.loopEnded(loop)),
    pageCommitted: (page) => guard(() => activity.pageCommitted(page)),
    recordsRefused: (refused) => guard(() => activity.recordsRefused(refused)),
    gapFound: (org, spans) => guard(() => activity.gapFound(org, spans)),
  }
}
