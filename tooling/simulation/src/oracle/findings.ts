/** What was wrong in a world, by kind: how often, and the first example. */
export class Findings {
  readonly #found = new Map<string, { count: number; readonly example: string }>()

  add(kind: FindingKind, example: string): void {
    const found = this.#found.get(kind)
    if (found === undefined) this.#found.set(kind, { count: 1, example })
    else found.count += 1
  }

  get isEmpty(): boolean {
    return this.#found.size === 0
  }

  list(): readonly string[] {
    return [...this.#found].map(([kind, { count, example }]) => `${kind} (${count}): ${example}`)
  }
}

/**
 * - `lost`: a record that could be read is not in the journal, and no gap says so
 * - `accepted-twice`: the journal took the same content again, although its key should be remembered
 * - `not-conserved`: a record of the journal before the sink's position is not in the sink, nor in
 *   quarantine, nor in a gap
 * - `shown-twice`, `shown-outdated`, `two-homes`, `invented`: what a reader of a sink finds
 * - `mark-ahead`: a mark speaks of a record that is not in the sink
 * - `wrong-quarantine`: a record is in quarantine that the sink never refused
 * - `not-quarantined`: an item that is no record is nowhere
 * - `unexpected-gap`: a gap, though nothing in the plan could have brought one about
 * - `stuck`: something did not get on in the time that the drain has
 * - `origin-late`: the history that the first start should reach back to was cut short
 * - `rate-limit`, `bodies-in-memory`, `journal-size`: a bound was not kept
 * - `contract`: the engine broke a promise of the sink's contract
 */
export type FindingKind =
  | 'lost'
  | 'accepted-twice'
  | 'not-conserved'
  | 'shown-twice'
  | 'shown-outdated'
  | 'two-homes'
  | 'invented'
  | 'mark-ahead'
  | 'wrong-quarantine'
  | 'not-quarantined'
  | 'unexpected-gap'
  | 'stuck'
  | 'origin-late'
  | 'rate-limit'
  | 'bodies-in-memory'
  | 'journal-size'
  | 'contract'
