import type { BodyPermit } from './ports/index.ts'

/** The body of one request. */
export interface OpenBody extends BodyPermit {
  /** Releases everything that the body holds. A source that is still waiting for more waits forever. */
  close(): void
}

/**
 * Limits the memory of page bodies across all orgs, but not the number of requests in flight: an org with a
 * slow server does not delay the others. Bodies that are being received share a number of bytes. Only a few
 * at once are decoded, and keep their place until the page is in the journal.
 */
export class BodyMemory {
  readonly #limits: { readonly pages: number; readonly bytes: number }
  /**
   * The bodies that hold or want something, in the order in which they started. The first never waits for
   * bytes, so at least one makes progress.
   */
  readonly #open = new Set<Body>()
  #turns = 0

  constructor(limits: { readonly pages: number; readonly bytes: number }) {
    this.#limits = limits
  }

  open(): OpenBody {
    const body = new Body(
      () => ++this.#turns,
      () => {
        this.#open.add(body)
        this.#admit()
      },
      () => {
        if (this.#open.delete(body)) this.#admit()
      },
    )
    return body
  }

  /** Grants as much as the free memory allows, starting with the bodies that have waited longest. */
  #admit(): void {
    const bodies = [...this.#open]
    const freePlaces = this.#limits.pages - bodies.filter((body) => body.isDecoded).length
    const waiting = bodies.filter((body) => body.decodeTurn > 0).sort((a, b) => a.decodeTurn - b.decodeTurn)
    for (const body of waiting.slice(0, Math.max(0, freePlaces))) body.grantDecode()
    let heldBytes = bodies.reduce((sum, body) => sum + body.heldBytes, 0)
    for (const [index, body] of bodies.entries()) {
      if (body.wantsBytes === 0) continue
      if (index > 0 && heldBytes + body.wantsBytes > this.#limits.bytes) continue
      heldBytes += body.wantsBytes
      body.grantBytes()
    }
  }
}

class Body implements OpenBody {
  heldBytes = 0
  wantsBytes = 0
  isDecoded = false
  /** The turn in which the body started to wait for decoding; 0 if it is not waiting. */
  decodeTurn = 0
  readonly #nextTurn: () => number
  readonly #changed: () => void
  readonly #closed: () => void
  #resume: () => void = () => {}

  constructor(nextTurn: () => number, changed: () => void, closed: () => void) {
    this.#nextTurn = nextTurn
    this.#changed = changed
    this.#closed = closed
  }

  hold(bytes: number): Promise<void> {
    // An empty chunk, such as the body of a 204, needs no memory.
    if (bytes === 0) return Promise.resolve()
    return this.#wait(() => {
      this.wantsBytes = bytes
    })
  }

  decode(): Promise<void> {
    return this.#wait(() => {
      this.decodeTurn = this.#nextTurn()
    })
  }

  grantBytes(): void {
    this.heldBytes += this.wantsBytes
    this.wantsBytes = 0
    this.#resume()
  }

  /** The received bytes are now part of the page. */
  grantDecode(): void {
    this.isDecoded = true
    this.decodeTurn = 0
    this.heldBytes = 0
    this.#resume()
  }

  close(): void {
    this.#closed()
  }

  #wait(want: () => void): Promise<void> {
    return new Promise((resolve) => {
      this.#resume = resolve
      want()
      this.#changed()
    })
  }
}
