import { createWords } from '@cdrstream/core/words'
import type { EngineOptions } from './engine-options.ts'
import type { EngineObserver } from './ports/index.ts'

const mostCharacters = 1_500

/**
 * Returns an observer that the loops can call safely. It never throws, and it removes known secrets from
 * every state that it passes on.
 */
export function guardObserver({
  observer,
  words = createWords([]),
  log,
}: Pick<EngineOptions, 'observer' | 'words' | 'log'>): EngineObserver | undefined {
  if (observer === undefined) return undefined
  const safe = (text: string | null) => (text === null ? null : words(text, mostCharacters))
  return {
    stateChanged(state) {
      try {
        observer.stateChanged({ ...state, cause: safe(state.cause), remedy: safe(state.remedy) })
      } catch (error) {
        log.error("the engine's observer failed", { error })
      }
    },
  }
}
