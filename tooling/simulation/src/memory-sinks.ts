import type {
  Batch,
  CdrRecord,
  OpenOutcome,
  Position,
  Sink,
  SinkTraits,
  WriteOutcome,
} from '@cdrstream/plugin'
import type { Chance } from '@cdrstream-internal/chance'

/** What a sink holds outlives the process, as a database or a directory does. */
export interface MemorySink {
  readonly traits: SinkTraits
  /** A connection of a new process. */
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

/** Holds every revision; writing one again is harmless: idempotence `key`. */
export function keyedSink(chance: Chance, troubles: () => SinkTroubles): MemorySink {
  const stored = new Map<string, StoredRow>()
  const store = (record: CdrRecord) => stored.set(`${record.org}|${record.key}|${record.rank}`, rowOf(record))
  return {
    traits: { idempotence: 'key', batch: { records: 70 } },
    get rows() {
      return [...stored.values()]
    },
    connect: () => ({
      async write(batch: Batch): Promise<WriteOutcome> {
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
    }),
  }
}

/** Appends, and stores its position with what it appends; collects before it publishes: idempotence `position`. */
export function appendingSink(chance: Chance, troubles: () => SinkTroubles): MemorySink {
  const published: StoredRow[] = []
  let position: Position | null = null
  return {
    traits: { idempotence: 'position', flushAfterMs: 60_000, batch: { records: 70 } },
    rows: published,
    connect: () => {
      let collected: StoredRow[] = []
      let end: Position | null = null
      return {
        async open(): Promise<OpenOutcome> {
          collected = []
          end = position
          return { kind: 'opened', position }
        },
        async write(batch: Batch): Promise<WriteOutcome> {
          if (end !== null && end.offset !== batch.from.offset)
            throw new Error('a batch that does not follow')
          const { retry, throwHalfway } = troubles()
          if (chance.happens(retry)) return { kind: 'retry' }
          if (chance.happens(throwHalfway)) throw new Error('planned: nothing was written')
          collected.push(...batch.records.map(rowOf))
          end = batch.to
          return { kind: 'accepted', through: position ?? batch.from }
        },
        async flush(): Promise<WriteOutcome> {
          published.push(...collected)
          collected = []
          position = end
          return position === null ? { kind: 'accepted' } : { kind: 'accepted', through: position }
        },
      }
    },
  }
}
