import type { BodyPermit } from './ports/index.ts'

export interface OpenBody extends BodyPermit {
  /** Gives back all that it holds. A source that still waits for more waits for ever. */
  close(): void
}

/**
 * Bounds the memory of page bodies over all orgs, and not the requests under way: an org whose server is slow
 * holds up no other. The bodies that are being received share a number of bytes; a few at once are decoded,
 * and keep their place until the page is in the journal.
 */
export class BodyMemory {
  readonly #limits: { readonly pages: number; readonly bytes: number }
  /**
   * Those that hold or want something, in the order in which they began. The first never waits for bytes, so
   * one always goes on.
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

  /** Lets go on whatever has room, those that have waited longest first. */
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
  /** Since when it waits to be decoded; 0: it does not. */
  decodeTurn = 0
  readonly #nextTurn: () => number
  readonly #changed: () => void
  readonly #closed: () => void
  #goOn: () => void = () => {}

  constructor(nextTurn: () => number, changed: () => void, closed: () => void) {
    this.#nextTurn = nextTurn
    this.#changed = changed
    this.#closed = closed
  }

  hold(bytes: number): Promise<void> {
    // An empty chunk, such as the body of a 204 can be, needs no room.
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
    this.#goOn()
  }

  /** What was received is now part of the page. */
  grantDecode(): void {
    this.isDecoded = true
    this.decodeTurn = 0
    this.heldBytes = 0
    this.#goOn()
  }

  close(): void {
    this.#closed()
  }

  #wait(want: () => void): Promise<void> {
    return new Promise((resolve) => {
      this.#goOn = resolve
      want()
      this.#changed()
    })
  }
}
