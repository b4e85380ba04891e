import { appendFileSync } from 'node:fs'
import { readRecords } from '../../src/reference-sinks/key-sink.ts'
import { storeLine } from '../../src/reference-sinks/store-file.ts'
import type { Fault } from './break-sink.ts'

const smallBatch = 6

/** Sinks with idempotence `position` that mishandle their position. */
export const positionFaults = {
  'invents-a-position': {
    fails: 'position-null-at-first',
    idempotence: 'position',
    sink: (good) => ({
      async open(call) {
        const opened = await good.open(call)
        if (opened.kind !== 'opened') return opened
        return { ...opened, position: opened.position ?? { incarnation: '', offset: 0, commit: '' } }
      },
    }),
  },
  'forgets-the-commit': {
    fails: 'position-stored',
    idempotence: 'position',
    sink: (good) => ({
      async open(call) {
        const opened = await good.open(call)
        if (opened.kind !== 'opened' || !opened.position) return opened
        return { ...opened, position: { ...opened.position, commit: '' } }
      },
    }),
  },
  'writes-before-its-position': {
    fails: 'redelivery-after-position',
    idempotence: 'position',
    session: (good, { options, position }) => {
      let stored = position
      return {
        async write(batch, call) {
          const { readable, refused } = readRecords(batch.records)
          if (batch.records.length >= smallBatch || refused.length > 0) return good.write(batch, call)
          const outcome = await good.write({ ...batch, records: [] }, call)
          if (outcome.kind !== 'accepted') return outcome
          appendFileSync(options.path, storeLine({ records: readable, ...(stored && { position: stored }) }))
          return outcome
        },
        async flush(call) {
          const outcome = (await good.flush?.(call)) ?? { kind: 'accepted' }
          if (outcome.kind === 'accepted' && outcome.through !== undefined) stored = outcome.through
          return outcome
        },
      }
    },
  },
  'accepts-any-batch': {
    fails: 'batch-before-position',
    idempotence: 'position',
    session: (good, { options, position }) => ({
      async write(batch, call) {
        const outcome = await good.write(batch, call)
        if (outcome.kind !== 'failed' || !position) return outcome
        const { readable } = readRecords(batch.records)
        appendFileSync(options.path, storeLine({ records: readable, position }))
        return { kind: 'accepted', through: position }
      },
    }),
  },
} as const satisfies Readonly<Record<string, Fault>>
