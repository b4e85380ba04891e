/** An object that can regenerate its text. */
export interface TextHolder {
  texts: readonly string[] | null
}

/**
 * Keeps the most recently generated texts, up to a limit, because hours of records would not fit in memory.
 */
export class TextCache {
  readonly #limitBytes: number
  #bytes = 0
  #holders: TextHolder[] = []
  #first = 0

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes
  }

  keep(holder: TextHolder, texts: readonly string[]): void {
    holder.texts = texts
    this.#holders.push(holder)
    this.#bytes += size(texts)
    while (this.#bytes > this.#limitBytes && this.#first < this.#holders.length) this.#dropOldest()
  }

  #dropOldest(): void {
    const oldest = this.#holders[this.#first]
    this.#first += 1
    if (oldest?.texts != null) {
      this.#bytes -= size(oldest.texts)
      oldest.texts = null
    }
    if (this.#first > 10_000 && this.#first * 2 > this.#holders.length) {
      this.#holders = this.#holders.slice(this.#first)
      this.#first = 0
    }
  }
}

function size(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + text.length, 0)
}
