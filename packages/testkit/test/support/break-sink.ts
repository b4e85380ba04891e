import { appendFileSync } from 'node:fs'
import type { CdrRecord, Position, Sink, SinkContext, SinkPlugin, SinkSession } from '@cdrstream/plugin'
import { referenceKeySink } from '../../src/reference-sinks/key-sink.ts'
import { referencePositionSink } from '../../src/reference-sinks/position-sink.ts'
import { storedRecord, storeLine } from '../../src/reference-sinks/store-file.ts'
import type { StoreOptions } from '../../src/reference-sinks/store-options.ts'

/** How a broken sink differs from a reference sink. */
export interface Fault {
  /** The only check that the sink fails. */
  readonly fails: string
  /** The reference sink that the broken one is based on. Default: `key`. */
  readonly idempotence?: 'key' | 'position'
  /** How many kills it takes to reveal the fault reliably. Default: 1. */
  readonly kills?: number
  readonly plugin?: (plugin: SinkPlugin<StoreOptions>) => Partial<SinkPlugin<StoreOptions>>
  readonly sink?: SinkTwist
  readonly session?: SessionTwist
}

/** Returns the sink methods that differ. Called by `create`. */
type SinkTwist = (good: Sink, parts: SinkParts) => Partial<Sink>

/** Returns the session methods that differ. Called when a session opens. */
export type SessionTwist = (good: SinkSession, parts: SessionParts) => Partial<SinkSession>

interface SinkParts {
  readonly options: StoreOptions
  readonly context: SinkContext
}

interface SessionParts extends SinkParts {
  /** The position that `open` returned. */
  readonly position: Position | null | undefined
}

const plugins = { key: referenceKeySink, position: referencePositionSink } as const

export function breakSink({
  idempotence = 'key',
  plugin: change,
  sink: twistSink,
  session: twistSession,
}: Fault): SinkPlugin<StoreOptions> {
  const plugin = plugins[idempotence]
  return {
    ...plugin,
    create(options, context) {
      const good = plugin.create(options, context)
      const sink: Sink = {
        async open(call) {
          const opened = await good.open(call)
          if (opened.kind !== 'opened') return opened
          const { session, position } = opened
          const twist = twistSession?.(session, { options, context, position })
          return { ...opened, session: { ...session, ...twist } }
        },
      }
      return { ...sink, ...twistSink?.(sink, { options, context }) }
    },
    ...change?.(plugin),
  }
}

/** Appends records unconditionally, regardless of what the file already contains. */
export function appendRecords({ path }: StoreOptions, records: readonly CdrRecord[]): void {
  if (records.length > 0) appendFileSync(path, storeLine({ records: records.map(storedRecord) }))
}

/** Makes a session change records before it writes them. */
export function changing(change: (record: CdrRecord) => CdrRecord): SessionTwist {
  return (good) => ({
    write: (batch, call) => good.write({ ...batch, records: batch.records.map(change) }, call),
  })
}

/** Returns whether the record's fields can be read. */
export function isReadable(record: CdrRecord): boolean {
  try {
    return record.fields !== null
  } catch {
    return false
  }
}
