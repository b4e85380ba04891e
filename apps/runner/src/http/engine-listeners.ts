import type { EngineActivity, EngineObserver } from '@cdrstream/engine'

/** Returns an observer that tells all of these. */
export function allObservers(observers: readonly EngineObserver[]): EngineObserver {
  return {
    stateChanged: (state) => {
      for (const observer of observers) observer.stateChanged(state)
    },
  }
}

/** Returns what the engine calls: the loops are noted on the board, and the rest is published. */
export function activityOf(
  board: Pick<EngineActivity, 'loopMoved' | 'loopEnded'>,
  publisher: Pick<EngineActivity, 'pageCommitted' | 'recordsRefused' | 'gapFound'>,
): EngineActivity {
  return {
    loopMoved: (loop, dueMs) => board.loopMoved(loop, dueMs),
    loopEnded: (loop) => board.loopEnded(loop),
    pageCommitted: (page) => publisher.pageCommitted(page),
    recordsRefused: (refused) => publisher.recordsRefused(refused),
    gapFound: (org, spans) => publisher.gapFound(org, spans),
  }
}
