/** The violations found in a world, by kind, each with a count and the first example. */
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
 * - `lost`: a record that could be read is neither in the journal nor in a recorded gap
 * - `accepted-twice`: the journal accepted the same content again, although its key should be remembered
 * - `not-conserved`: a journal record before the sink's position is not in the sink, in quarantine or in a
 *   gap
 * - `shown-twice`: a reader of a sink sees a record twice
 * - `shown-outdated`: a reader of a sink sees an older revision of a record
 * - `two-homes`: a key has two homes
 * - `invented`: a reader of a sink sees a record that was never accepted
 * - `mark-ahead`: a mark covers a record that is not in the sink
 * - `wrong-quarantine`: a record that the sink never refused is in quarantine
 * - `not-quarantined`: an item that is not a record is not in quarantine
 * - `unexpected-gap`: a gap that nothing in the plan could have caused
 * - `stuck`: something was not finished within the time for draining
 * - `origin-late`: the first start did not reach back as far as configured
 * - `rate-limit`, `bodies-in-memory`, `journal-size`: a limit was exceeded
 * - `contract`: the engine violated the contract for sinks
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
