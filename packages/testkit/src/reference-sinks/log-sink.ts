import { defineSink } from '@cdrstream/plugin'
import { readRecords } from './key-sink.ts'
import { classifyError, StoreFile } from './store-file.ts'
import { storeOptions } from './store-options.ts'

/** The smallest sink with idempotence `none`. A record that is delivered twice is stored twice. */
export const referenceLogSink = defineSink({
  name: 'reference-log',
  options: storeOptions,
  traits: { idempotence: 'none' },
  create({ path }) {
    const store = new StoreFile(path)
    return {
      async open(opening) {
        try {
          await store.load(opening)
        } catch (error) {
          return classifyError(error)
        }
        return {
          kind: 'opened',
          session: {
            async write({ records }, call) {
              const { readable, refused } = readRecords(records)
              try {
                await store.append({ records: readable }, call)
                return { kind: 'accepted', refused }
              } catch (error) {
                return classifyError(error)
              }
            },
          },
        }
      },
    }
  },
})
