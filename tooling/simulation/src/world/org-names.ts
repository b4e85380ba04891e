/** The names of orgs, which can be renamed. The oracle identifies an org by its first name. */
export class OrgNames {
  readonly #first = new Map<string, string>()

  rename(before: string, now: string): void {
    this.#first.set(now, this.first(before))
  }

  first(name: string): string {
    return this.#first.get(name) ?? name
  }

  /** Returns all current and former names of the org. */
  all(first: string): readonly string[] {
    return [first, ...[...this.#first].filter(([, of]) => of === first).map(([name]) => name)]
  }
}
