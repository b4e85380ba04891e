/** An org may be renamed. The oracle speaks of it by the name that it had first. */
export class OrgNames {
  readonly #first = new Map<string, string>()

  rename(before: string, now: string): void {
    this.#first.set(now, this.first(before))
  }

  first(name: string): string {
    return this.#first.get(name) ?? name
  }

  /** All names that this org has or had. */
  all(first: string): readonly string[] {
    return [first, ...[...this.#first].filter(([, of]) => of === first).map(([name]) => name)]
  }
}
