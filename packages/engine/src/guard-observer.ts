import { createWords } from '@cdrstream/core/words'
import type { EngineOptions } from './engine-options.ts'
import type { EngineObserver } from './ports/index.ts'

const mostCharacters = 1_500

/**
 * Returns an observer that the loops can call without a risk: it never throws, and what it passes on contains
 * no known secrets.
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
        log.error('the observer of the engine failed', { error })
      }
    },
  }
}
