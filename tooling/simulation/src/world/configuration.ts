import type { Change, PlannedOrg } from '../plan/plan.ts'
import type { SituationBook } from '../situations.ts'
import type { OrgNames } from './org-names.ts'
import type { SinkPlace } from './sink-place.ts'

/** The current configuration, which can change between two processes. */
export class Configuration {
  /** The current name of each configured org, by its first name. */
  readonly orgs = new Map<string, string>()
  /** The org that must be renamed in the journal before the next process starts. */
  formerly: { readonly before: string; readonly now: string } | undefined
  readonly #places: ReadonlyMap<string, SinkPlace>
  readonly #names: OrgNames
  readonly #situations: SituationBook

  constructor(
    orgs: readonly PlannedOrg[],
    places: ReadonlyMap<string, SinkPlace>,
    names: OrgNames,
    situations: SituationBook,
  ) {
    for (const { name, isInitial } of orgs) if (isInitial) this.orgs.set(name, name)
    this.#places = places
    this.#names = names
    this.#situations = situations
  }

  apply({ kind, name }: Change): void {
    switch (kind) {
      case 'org-in':
        this.#situations.happened('org-added')
        this.orgs.set(name, name)
        return
      case 'org-out':
        this.#situations.happened('org-removed')
        this.orgs.delete(name)
        return
      case 'org-renamed': {
        const now = `${name}-renamed`
        this.#situations.happened('org-renamed')
        this.#names.rename(name, now)
        this.orgs.set(name, now)
        this.formerly = { before: name, now }
        return
      }
      case 'sink-in':
        this.#situations.happened('sink-added')
        this.#place(name).name = name
        return
      case 'sink-out':
        this.#situations.happened('sink-removed')
        this.#place(name).name = undefined
        return
      case 'sink-renamed':
        this.#situations.happened('sink-renamed')
        this.#place(name).name = `${name}-renamed`
    }
  }

  #place(name: string): SinkPlace {
    const place = this.#places.get(name)
    if (place === undefined) throw new RangeError(`unknown sink "${name}"`)
    return place
  }
}
