/** Values by org and key. A batch has few orgs: two small texts are found faster than one that is made of both. */
export class ByKey<Value> {
  readonly #orgs = new Map<string, Map<string, Value>>()

  get isEmpty(): boolean {
    return this.#orgs.size === 0
  }

  get(org: string, key: string): Value | undefined {
    return this.#orgs.get(org)?.get(key)
  }

  set(org: string, key: string, value: Value): void {
    const values = this.#orgs.get(org)
    if (values === undefined) this.#orgs.set(org, new Map([[key, value]]))
    else values.set(key, value)
  }
}
