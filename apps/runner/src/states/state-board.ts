import type { EngineObserver, SubjectState } from '@cdrstream/engine'
import type { Configuration } from '../configuration/configuration.ts'

/** Holds the current state of each org and sink of the running engine. */
export class StateBoard implements EngineObserver {
  readonly #states = new Map<string, SubjectState>()
  readonly #changed = new Set<string>()
  #change = new AbortController()
  #hasForgotten = false

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

  /** Forgets the states of orgs and sinks that are no longer configured. */
  keep({ orgs, sinkNames }: Pick<Configuration, 'orgs' | 'sinkNames'>): void {
    const kept = new Set([
      ...orgs.map(({ name }) => subjectId({ subject: 'org', name })),
      ...sinkNames.map((name) => subjectId({ subject: 'sink', name })),
    ])
    const gone = [...this.#states.keys()].filter((id) => !kept.has(id))
    if (gone.length === 0) return
    for (const id of gone) this.#states.delete(id)
    this.#hasForgotten = true
    for (const id of this.#states.keys()) this.#changed.add(id)
    this.#change.abort()
  }

  /** Returns whether states were forgotten since the last call: what was stored of them has to go as well. */
  takeForgotten(): boolean {
    const hasForgotten = this.#hasForgotten
    this.#hasForgotten = false
    return hasForgotten
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
