import { appendFileSync } from 'node:fs'
import type { Position } from '@cdrstream/plugin'
import { readRecords } from '../reference-sinks/key-sink.ts'
import { storeLine } from '../reference-sinks/store-file.ts'
import type { Fault } from './break-sink.ts'

const smallBatch = 6

/** Sinks of idempotence `position` that are careless with it. */
export const positionFaults = {
  'invents-a-position': {
    fails: 'position-null-at-first',
    idempotence: 'position',
    sink: (good) => ({
      async open(call) {
        const opened = (await good.open?.(call)) ?? { kind: 'opened' }
        if (opened.kind !== 'opened') return opened
        return { kind: 'opened', position: opened.position ?? { incarnation: '', offset: 0, commit: '' } }
      },
    }),
  },
  'forgets-the-commit': {
    fails: 'position-stored',
    idempotence: 'position',
    sink: (good) => ({
      async open(call) {
        const opened = (await good.open?.(call)) ?? { kind: 'opened' }
        if (opened.kind !== 'opened' || !opened.position) return opened
        return { kind: 'opened', position: { ...opened.position, commit: '' } }
      },
    }),
  },
  'writes-before-its-position': {
    fails: 'redelivery-behind-position',
    idempotence: 'position',
    sink: (good, { options }) => {
      let stored: Position | null | undefined
      return {
        async open(call) {
          const opened = (await good.open?.(call)) ?? { kind: 'opened' }
          if (opened.kind === 'opened') stored = opened.position
          return opened
        },
        async write(batch, call) {
          if (batch.records.length >= smallBatch) return good.write(batch, call)
          const { readable, refused } = readRecords(batch.records)
          const outcome = await good.write({ ...batch, records: [] }, call)
          if (outcome.kind !== 'accepted') return outcome
          appendFileSync(options.path, storeLine({ records: readable, ...(stored && { position: stored }) }))
          return { ...outcome, refused }
        },
        async flush(call) {
          const outcome = (await good.flush?.(call)) ?? { kind: 'accepted' }
          if (outcome.kind === 'accepted' && outcome.through !== undefined) stored = outcome.through
          return outcome
        },
      }
    },
  },
  'takes-any-batch': {
    fails: 'batch-before-position',
    idempotence: 'position',
    sink: (good, { options }) => {
      let stored: Position | null | undefined
      return {
        async open(call) {
          const opened = (await good.open?.(call)) ?? { kind: 'opened' }
          if (opened.kind === 'opened') stored = opened.position
          return opened
        },
        async write(batch, call) {
          const outcome = await good.write(batch, call)
          if (outcome.kind !== 'failed' || !stored) return outcome
          const { readable } = readRecords(batch.records)
          appendFileSync(options.path, storeLine({ records: readable, position: stored }))
          return { kind: 'accepted', through: stored }
        },
      }
    },
  },
} as const satisfies Readonly<Record<string, Fault>>
