import type { CdrRecord, Position, Sink, SinkSession, SinkTraits } from '@cdrstream/plugin'
import type { Chance } from '@cdrstream-internal/chance'

/** A sink whose contents outlive the process, like those of a database or a directory. */
export interface MemorySink {
  readonly traits: SinkTraits
  /** Returns the sink of a new process. */
  connect(): Sink
  /** What a reader finds, in order. */
  readonly rows: readonly StoredRow[]
}

type StoredRow = Pick<CdrRecord, 'org' | 'key' | 'rank' | 'home' | 'text'>

function rowOf({ org, key, rank, home, text }: CdrRecord): StoredRow {
  return { org, key, rank, home, text }
}

export interface SinkTroubles {
  /** Share of writes that answer `retry`, and that throw half-way. */
  readonly retry: number
  readonly throwHalfway: number
  /** Share of writes that ask for some records again. */
  readonly again: number
}

/** Holds every revision. Writing one again is harmless: idempotence `key`. */
export function keyedSink(chance: Chance, troubles: () => SinkTroubles): MemorySink {
  const stored = new Map<string, StoredRow>()
  const store = (record: CdrRecord) => stored.set(`${record.org}|${record.key}|${record.rank}`, rowOf(record))
  const session: SinkSession = {
    async write(batch) {
      const { retry, throwHalfway, again } = troubles()
      if (chance.happens(retry)) return { kind: 'retry' }
      if (chance.happens(throwHalfway)) {
        for (const record of batch.records.slice(0, batch.records.length / 2)) store(record)
        throw new Error('planned: half of the batch was written')
      }
      const postponed = chance.happens(again)
        ? [...batch.records.keys()].filter((index) => index % 3 === 0)
        : []
      batch.records.forEach((record, index) => {
        if (!postponed.includes(index)) store(record)
      })
      return { kind: 'accepted', again: postponed, through: postponed.length > 0 ? batch.from : batch.to }
    },
  }
  return {
    traits: { idempotence: 'key', batch: { records: 70 } },
    get rows() {
      return [...stored.values()]
    },
    connect: () => ({ open: async () => ({ kind: 'opened', session }) }),
  }
}

/** Appends, stores its position with what it appends, and buffers until it is flushed: idempotence `position`. */
export function appendingSink(chance: Chance, troubles: () => SinkTroubles): MemorySink {
  const published: StoredRow[] = []
  let position: Position | null = null
  const openSession = (): SinkSession => {
    let buffered: StoredRow[] = []
    let end = position
    return {
      async write(batch) {
        if (end !== null && end.offset !== batch.from.offset) throw new Error('a batch that does not follow')
        const { retry, throwHalfway } = troubles()
        if (chance.happens(retry)) return { kind: 'retry' }
        if (chance.happens(throwHalfway)) throw new Error('planned: nothing was written')
        buffered.push(...batch.records.map(rowOf))
        end = batch.to
        return { kind: 'accepted', through: position ?? batch.from }
      },
      async flush() {
        published.push(...buffered)
        buffered = []
        position = end
        return position === null ? { kind: 'accepted' } : { kind: 'accepted', through: position }
      },
    }
  }
  return {
    traits: { idempotence: 'position', flushAfterMs: 60_000, batch: { records: 70 } },
    rows: published,
    connect: (): Sink => ({ open: async () => ({ kind: 'opened', position, session: openSession() }) }),
  }
}
