import type { AmountLeft } from '@cdrstream/journal-sqlite'

/** The speed is measured over at least this time, and at most twice as long. */
const periodMs = 300_000

interface Samples {
  readonly before: AmountLeft
  readonly next: AmountLeft
}

/** Remembers how much was left several minutes ago for each org and sink that is catching up. */
export class SpeedSamples {
  readonly #samples = new Map<string, Samples>()

  /** Records how much is left, and returns how much was left earlier. */
  note(id: string, now: AmountLeft): AmountLeft {
    const known = this.#samples.get(id) ?? { before: now, next: now }
    const samples = now.atMs - known.next.atMs >= periodMs ? { before: known.next, next: now } : known
    this.#samples.set(id, samples)
    return samples.before
  }

  /** Removes an org or a sink that is not catching up. */
  forget(id: string): void {
    this.#samples.delete(id)
  }
}
