import { inspect } from 'node:util'

const hidden = '[secret]'
const read = new Set<string>()

/** Text that appears as `[secret]` if it is printed by mistake. */
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
 * Returns all secrets that this process has read. Needed for an error that terminates the process. It can
 * occur where the configuration is not available.
 */
export function secretsRead(): readonly string[] {
  return [...read]
}
