import { inspect } from 'node:util'

const hidden = '[secret]'
const read = new Set<string>()

/** A text that prints as `[secret]` if it is printed by mistake. */
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
 * Returns the texts of all secrets that this process has read. For an error that ends the process: it can
 * occur anywhere, where the configuration is not available.
 */
export function secretsRead(): readonly string[] {
  return [...read]
}
