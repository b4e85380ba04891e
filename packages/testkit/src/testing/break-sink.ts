import { appendFileSync } from 'node:fs'
import type { CdrRecord, Sink, SinkContext, SinkPlugin } from '@cdrstream/plugin'
import { referenceKeySink } from '../reference-sinks/key-sink.ts'
import { referencePositionSink } from '../reference-sinks/position-sink.ts'
import { storedRecord, storeLine } from '../reference-sinks/store-file.ts'
import type { StoreOptions } from '../reference-sinks/store-options.ts'

/** How a sink differs from the reference sink. */
export interface Fault {
  /** The one check that it fails. */
  readonly fails: string
  /** Which reference sink it is made of. Default `key`. */
  readonly idempotence?: 'key' | 'position'
  /** Kills that surely hit it. Default 1. */
  readonly kills?: number
  readonly plugin?: (plugin: SinkPlugin<StoreOptions>) => Partial<SinkPlugin<StoreOptions>>
  readonly sink?: Twist
}

/** The methods that differ. */
export type Twist = (good: Sink, parts: FaultParts) => Partial<Sink>

interface FaultParts {
  readonly options: StoreOptions
  readonly context: SinkContext
}

const plugins = { key: referenceKeySink, position: referencePositionSink } as const

export function breakSink({
  idempotence = 'key',
  plugin: change,
  sink: twist,
}: Fault): SinkPlugin<StoreOptions> {
  const plugin = plugins[idempotence]
  return {
    ...plugin,
    create(options, context) {
      const good = plugin.create(options, context)
      return { ...methods(good), ...twist?.(good, { options, context }) }
    },
    ...change?.(plugin),
  }
}

function methods(sink: Sink): Sink {
  const { flush, close } = sink
  return {
    open: async (call) => (await sink.open?.(call)) ?? { kind: 'opened' },
    write: (batch, call) => sink.write(batch, call),
    ...(flush && { flush: (call) => flush.call(sink, call) }),
    ...(close && { close: (call) => close.call(sink, call) }),
  }
}

/** Writes records as they are, whatever is there already. */
export function appendRecords({ path }: StoreOptions, records: readonly CdrRecord[]): void {
  if (records.length > 0) appendFileSync(path, storeLine({ records: records.map(storedRecord) }))
}

/** A sink that changes records before it writes them. */
export function changing(change: (record: CdrRecord) => CdrRecord): Twist {
  return (good) => ({
    write: (batch, call) => good.write({ ...batch, records: batch.records.map(change) }, call),
  })
}

/** Whether the record can be read at all. */
export function isReadable(record: CdrRecord): boolean {
  try {
    return record.fields !== null
  } catch {
    return false
  }
}
