import type { Batch, Call, OpenOutcome, Position, Sink, SinkPlugin, WriteOutcome } from '@cdrstream/plugin'
import { readRecords } from './key-sink.ts'
import { classifyError, type StoredRecord, StoreFile } from './store-file.ts'
import { type StoreOptions, storeOptions } from './store-options.ts'

/** The smallest sink of idempotence `position`: it collects until it is flushed, and writes records and position in one line. */
export const referencePositionSink: SinkPlugin<StoreOptions> = {
  cdrstream: 1,
  name: 'reference-position',
  options: storeOptions,
  traits: { idempotence: 'position', revisions: 'all' },
  create: ({ path }) => new PositionSink(new StoreFile(path)),
}

class PositionSink implements Sink {
  readonly #store: StoreFile
  #stored: Position | null = null
  #pending:
    | { readonly records: readonly StoredRecord[]; readonly from: Position; readonly to: Position }
    | undefined

  constructor(store: StoreFile) {
    this.#store = store
  }

  async open(call: Call): Promise<OpenOutcome> {
    try {
      this.#pending = undefined
      this.#stored = (await this.#store.load(call)).at(-1)?.position ?? null
      return { kind: 'opened', position: this.#stored }
    } catch (error) {
      return classifyError(error)
    }
  }

  async write({ records, from, to }: Batch): Promise<WriteOutcome> {
    const end = this.#pending?.to ?? this.#stored
    if (end !== null && end.incarnation === from.incarnation && end.offset !== from.offset) {
      return { kind: 'failed', code: 'unexpected-position', remedy: 'report this as a fault of cdrstream' }
    }
    const { readable, refused } = readRecords(records)
    const { records: before, from: began } = this.#pending ?? { records: [], from }
    this.#pending = { records: [...before, ...readable], from: began, to }
    return { kind: 'accepted', through: this.#stored ?? began, refused }
  }

  async flush(call: Call): Promise<WriteOutcome> {
    if (this.#pending === undefined) return { kind: 'accepted' }
    const { records, to } = this.#pending
    try {
      await this.#store.append({ records, position: to }, call)
      this.#stored = to
      this.#pending = undefined
      return { kind: 'accepted', through: to }
    } catch (error) {
      return classifyError(error)
    }
  }
}
