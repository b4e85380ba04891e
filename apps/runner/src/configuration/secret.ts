import { inspect } from 'node:util'

const hidden = '[secret]'
const read = new Set<string>()

/** A text that prints as `[secret]` wherever it is printed by mistake. */
export class Secret {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
    read.add(text)
  }

  reveal(): string {
    return this.#text
  }

  toString(): string {
    return hidden
  }

  toJSON(): string {
    return hidden
  }

  [inspect.custom](): string {
    return hidden
  }
}

/**
 * Returns the texts of all secrets that this process has read. For a fault that ends it: that can come at any
 * time, and anywhere, and no configuration is at hand there.
 */
export function secretsRead(): readonly string[] {
  return [...read]
}
