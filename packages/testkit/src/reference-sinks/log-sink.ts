import type { SinkPlugin } from '@cdrstream/plugin'
import { readRecords } from './key-sink.ts'
import { classifyError, StoreFile } from './store-file.ts'
import { type StoreOptions, storeOptions } from './store-options.ts'

/** The smallest sink of idempotence `none`: what comes twice is there twice. */
export const referenceLogSink: SinkPlugin<StoreOptions> = {
  cdrstream: 1,
  name: 'reference-log',
  options: storeOptions,
  traits: { idempotence: 'none' },
  create({ path }) {
    const store = new StoreFile(path)
    return {
      async open(call) {
        try {
          await store.load(call)
          return { kind: 'opened' }
        } catch (error) {
          return classifyError(error)
        }
      },
      async write({ records }, call) {
        const { readable, refused } = readRecords(records)
        try {
          await store.append({ records: readable }, call)
          return { kind: 'accepted', refused }
        } catch (error) {
          return classifyError(error)
        }
      },
    }
  },
}
