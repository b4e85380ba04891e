/** Whatever can make its texts again. */
export interface Holder {
  texts: readonly string[] | null
}

/** Keeps the texts that were made last, as many as fit: hours of records would not. */
export class TextCache {
  readonly #limitBytes: number
  #bytes = 0
  #holders: Holder[] = []
  #first = 0

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes
  }

  keep(holder: Holder, texts: readonly string[]): void {
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
