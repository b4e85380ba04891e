import type { EngineObserver, SubjectState } from '@cdrstream/engine'

/** Holds the current state of each org and sink of the running engine. */
export class StateBoard implements EngineObserver {
  readonly #states = new Map<string, SubjectState>()
  readonly #changed = new Set<string>()
  #change = new AbortController()

  /** The current states. */
  get states(): readonly SubjectState[] {
    return [...this.#states.values()]
  }

  stateChanged(state: SubjectState): void {
    const id = subjectId(state)
    this.#states.set(id, state)
    this.#changed.add(id)
    this.#change.abort()
  }

  /** Returns the states that have changed since the last call. */
  takeChanged(): readonly SubjectState[] {
    const changed = this.states.filter((state) => this.#changed.has(subjectId(state)))
    this.#changed.clear()
    return changed
  }

  /** Makes `takeChanged` return these states again if they could not be stored. */
  putBack(states: readonly SubjectState[]): void {
    for (const state of states) this.#changed.add(subjectId(state))
  }

  /** Returns a signal that is aborted as soon as there is a changed state to take. */
  change(): AbortSignal {
    if (this.#changed.size === 0) this.#change = new AbortController()
    return this.#change.signal
  }
}

/** Returns an id that is unique among orgs and sinks, because no name contains a slash. */
export function subjectId({ subject, name }: Pick<SubjectState, 'subject' | 'name'>): string {
  return `${subject}/${name}`
}
