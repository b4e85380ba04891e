import { inspect } from 'node:util'

const hidden = '[secret]'

/** A text that prints as `[secret]` wherever it is printed by mistake. */
export class Secret {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
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
