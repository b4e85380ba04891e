import { createWords, type Words } from '@cdrstream/core/words'
import type { Secret } from '../configuration/secret.ts'

/**
 * Hides the secrets that it has been given so far. Those of an earlier configuration stay hidden, because
 * what they were used for may still quote them.
 */
export class LiveWords {
  readonly #secrets = new Set<string>()
  #words: Words = createWords([])

  readonly words: Words = (text, maxCharacters) => this.#words(text, maxCharacters)

  constructor(secrets: readonly Secret[]) {
    this.add(secrets)
  }

  add(secrets: readonly Secret[]): void {
    for (const secret of secrets) this.#secrets.add(secret.reveal())
    this.#words = createWords([...this.#secrets])
  }
}
