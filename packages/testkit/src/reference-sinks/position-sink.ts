import { defineSink, type Position, type SinkSession } from '@cdrstream/plugin'
import { readRecords } from './key-sink.ts'
import { classifyError, type StoredRecord, StoreFile } from './store-file.ts'
import { storeOptions } from './store-options.ts'

/**
 * The smallest sink with idempotence `position`. It buffers until a flush, and then writes records and
 * position in one line.
 */
export const referencePositionSink = defineSink({
  name: 'reference-position',
  options: storeOptions,
  traits: { idempotence: 'position', revisions: 'all' },
  create({ path }) {
    const store = new StoreFile(path)
    return {
      async open(call) {
        try {
          const position = (await store.load(call)).at(-1)?.position ?? null
          return { kind: 'opened', position, session: positionSession(store, position) }
        } catch (error) {
          return classifyError(error)
        }
      },
    }
  },
})

interface Pending {
  readonly records: readonly StoredRecord[]
  readonly from: Position
  readonly to: Position
}

function positionSession(store: StoreFile, position: Position | null): SinkSession {
  let stored = position
  let pending: Pending | undefined
  return {
    async write({ records, from, to }) {
      const end = pending?.to ?? stored
      if (end !== null && end.incarnation === from.incarnation && end.offset !== from.offset) {
        return { kind: 'failed', code: 'unexpected-position', remedy: 'report this as a bug in cdrstream' }
      }
      const { readable, refused } = readRecords(records)
      if (refused.length > 0) return { kind: 'refused', refused }
      const { records: before, from: began } = pending ?? { records: [], from }
      pending = { records: [...before, ...readable], from: began, to }
      return { kind: 'accepted', through: stored ?? began }
    },
    async flush(call) {
      if (pending === undefined) return { kind: 'accepted' }
      const { records, to } = pending
      try {
        await store.append({ records, position: to }, call)
        stored = to
        pending = undefined
        return { kind: 'accepted', through: to }
      } catch (error) {
        return classifyError(error)
      }
    },
  }
}
