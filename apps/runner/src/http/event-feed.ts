/** An event that `/api/events` sends to its clients. Never contains record content. */
export interface FeedEvent {
  readonly type: 'state' | 'gap' | 'refused' | 'committed'
  readonly data: Readonly<Record<string, unknown>>
}

/** An event in the format in which it is sent. */
export interface SentEvent {
  readonly id: string
  readonly text: string
}

/** How many recent events are kept for clients that reconnect. */
const mostRemembered = 200

/** Sends events to all followers, and keeps the most recent ones. */
export class EventFeed {
  readonly #followers = new Set<(event: SentEvent) => void>()
  readonly #remembered: SentEvent[] = []
  /** Distinguishes ids from those that an earlier process issued. */
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
    // JSON contains no line breaks, which would terminate the event.
    const event = { id, text: `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n` }
    this.#remembered.push(event)
    if (this.#remembered.length > mostRemembered) this.#remembered.shift()
    for (const follow of this.#followers) follow(event)
  }

  /** Returns a function that removes the follower. */
  follow(follower: (event: SentEvent) => void): () => void {
    this.#followers.add(follower)
    return () => void this.#followers.delete(follower)
  }

  /** Returns the kept events after the one with this id; none if the id is unknown. */
  after(id: string | undefined): readonly SentEvent[] {
    const index = this.#remembered.findIndex((event) => event.id === id)
    return index < 0 ? [] : this.#remembered.slice(index + 1)
  }
}
