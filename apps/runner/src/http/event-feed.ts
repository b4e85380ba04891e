/** What followers of `/api/events` are told. Never content of a record. */
export interface FeedEvent {
  readonly type: 'state' | 'gap' | 'refused' | 'committed'
  /** Plain data. */
  readonly data: Readonly<Record<string, unknown>>
}

/** An event as it is sent. */
export interface SentEvent {
  readonly id: string
  readonly text: string
}

/** So many events can be sent again to a client that was away for a moment. */
const mostRemembered = 200

/** Passes events on to those who follow, and remembers the last ones. */
export class EventFeed {
  readonly #followers = new Set<(event: SentEvent) => void>()
  readonly #remembered: SentEvent[] = []
  /** Ids of another process do not count. */
  readonly #prefix: string
  #count = 0

  constructor(prefix: string) {
    this.#prefix = prefix
  }

  get followers(): number {
    return this.#followers.size
  }

  publish({ type, data }: FeedEvent): void {
    this.#count += 1
    const id = `${this.#prefix}-${this.#count}`
    // JSON has no line breaks, which would end the event.
    const event = { id, text: `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n` }
    this.#remembered.push(event)
    if (this.#remembered.length > mostRemembered) this.#remembered.shift()
    for (const follow of this.#followers) follow(event)
  }

  /** Returns a function that ends it. */
  follow(follower: (event: SentEvent) => void): () => void {
    this.#followers.add(follower)
    return () => void this.#followers.delete(follower)
  }

  /** Returns the remembered events after this one; none if it is not known. */
  after(id: string | undefined): readonly SentEvent[] {
    const index = this.#remembered.findIndex((event) => event.id === id)
    return index < 0 ? [] : this.#remembered.slice(index + 1)
  }
}
