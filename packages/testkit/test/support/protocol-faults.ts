import { closeSync, existsSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { setTimeout as delay, setImmediate as turn } from 'node:timers/promises'
import type { Batch, CdrRecord, OpenOutcome, Position, SinkSession } from '@cdrstream/plugin'
import { identityOf } from '../../src/delivery/latest-of-each-key.ts'
import { readRecords } from '../../src/reference-sinks/key-sink.ts'
import {
  classifyError,
  parseStore,
  readText,
  StoreFile,
  storeLine,
} from '../../src/reference-sinks/store-file.ts'
import { storeOptions } from '../../src/reference-sinks/store-options.ts'
import { appendRecords, type Fault, isReadable, type SessionTwist } from './break-sink.ts'

const smallBatch = 10
const fewRecords = 20
const slowDiskMs = 40

/** Sinks that violate the rules for calls. */
export const protocolFaults = {
  'reads-in-create': {
    fails: 'create-does-no-io',
    sink: (_good, { options }) => {
      existsSync(options.path)
      return {}
    },
  },
  'opens-in-create': {
    fails: 'create-does-no-io',
    sink: (_good, { options }) => {
      void readText(options.path)
      return {}
    },
  },
  'accepts-any-option': {
    fails: 'unknown-option-fails',
    plugin: () => ({
      options: {
        '~standard': {
          ...storeOptions['~standard'],
          validate: (given) => {
            const { path, password } = given as { readonly path: string; readonly password: string }
            return storeOptions['~standard'].validate({ path, password })
          },
        },
      },
    }),
  },
  'stays-closed': {
    fails: 'opens-again',
    sink: (good) => {
      if (isChild()) return {}
      let closed = false
      return {
        async open(call) {
          if (closed) return { kind: 'failed', code: 'closed', remedy: 'restart the process' }
          const opened = await good.open(call)
          if (opened.kind !== 'opened') return opened
          const { session } = opened
          let used = false
          return {
            ...opened,
            session: {
              write(batch, writing) {
                used = true
                return session.write(batch, writing)
              },
              async close() {
                closed ||= !used && !call.signal.aborted
              },
            },
          }
        },
      }
    },
  },
  'leaves-a-file-open': {
    fails: 'handles-released',
    sink: (good, { options }) => ({
      async open(call) {
        const outcome = await good.open(call)
        if (isChild()) openSync(options.path, 'a')
        return outcome
      },
    }),
  },
  'releases-only-after-writing': {
    fails: 'handles-released',
    session: (good, { options }) => {
      if (!isChild()) return {}
      const descriptor = openSync(options.path, 'a')
      let wrote = false
      return {
        write(batch, call) {
          wrote = true
          return good.write(batch, call)
        },
        async close() {
          if (wrote) closeSync(descriptor)
        },
      }
    },
  },
  'keeps-a-timer': {
    fails: 'handles-released',
    sink: (good) => ({
      async open(call) {
        if (isChild()) setInterval(() => {}, 60_000)
        return good.open(call)
      },
    }),
  },
  'writes-a-batch-twice': {
    fails: 'same-batch-twice',
    session: repeating((batch, last) =>
      batch.from.offset === last.from.offset && batch.to.offset === last.to.offset ? batch.records : [],
    ),
  },
  'writes-overlaps-twice': {
    fails: 'overlapping-batches',
    session: repeating((batch, last) =>
      batch.from.offset === last.from.offset
        ? []
        : batch.records.slice(0, Math.max(0, last.to.offset - batch.from.offset)),
    ),
  },
  'forgets-at-close': {
    fails: 'batches-split-differently',
    session: (good, { options }) => {
      const marker = `${options.path}.closed`
      const written = new Set<string>()
      const forgets = existsSync(marker)
      return {
        async write(batch, call) {
          const outcome = await good.write(batch, call)
          if (outcome.kind !== 'accepted') return outcome
          const again = batch.records.filter((record) => !written.has(identityOf(record)))
          for (const record of batch.records) written.add(identityOf(record))
          if (forgets && batch.from.offset < knownOffset(marker)) appendRecords(options, again)
          return outcome
        },
        async close() {
          if (written.size > 0 && written.size <= fewRecords) writeFileSync(marker, String(written.size))
        },
      }
    },
  },
  'tears-lines': {
    fails: 'killed-while-writing',
    kills: 6,
    sink: (_good, { options: { path } }) => ({
      async open(call) {
        try {
          await new StoreFile(path).append({ records: [] }, call)
          return await openTearing(path)
        } catch (error) {
          return classifyError(error)
        }
      },
    }),
  },
  'reports-too-far': {
    fails: 'through-is-durable',
    session: (good) => {
      let held: readonly CdrRecord[] = []
      return {
        async write(batch, call) {
          if (batch.records.length >= smallBatch || !batch.records.every(isReadable))
            return good.write(batch, call)
          held = [...held, ...batch.records]
          // This would be correct if the earlier batches had been written.
          return { kind: 'accepted', through: batch.from }
        },
        async flush(call) {
          const outcome = await good.write({ ...noBatch, records: held }, call)
          if (outcome.kind === 'retry' || outcome.kind === 'failed') return outcome
          held = []
          return { kind: 'accepted' }
        },
      }
    },
  },
  'flushes-too-little': {
    fails: 'flush-reaches-the-end',
    session: (good) => {
      let from: Position | undefined
      return {
        async write(batch, call) {
          from = batch.from
          const outcome = await good.write(batch, call)
          return outcome.kind === 'accepted' ? { ...outcome, through: from } : outcome
        },
        flush: async () => ({ kind: 'accepted', ...(from && { through: from }) }),
      }
    },
  },
  'ignores-an-abort': {
    fails: 'abort-settles',
    session: (good) => ({
      async write(batch, call) {
        await turn()
        return call.signal.aborted ? new Promise<never>(() => {}) : good.write(batch, call)
      },
    }),
  },
} as const satisfies Readonly<Record<string, Fault>>

const nowhere: Position = { incarnation: '', offset: 0, commit: '' }
const noBatch: Batch = { records: [], from: nowhere, to: nowhere }

/**
 * Returns whether this is a child process of a check. Only a child may be kept alive, not the test process
 * itself.
 */
function isChild(): boolean {
  return process.argv[1]?.includes('sink-process') ?? false
}

function knownOffset(marker: string): number {
  return Number(readFileSync(marker, 'utf8'))
}

/** Makes a session also write the records that `repeated` returns for a batch and its predecessor. */
function repeating(repeated: (batch: Batch, last: Batch) => readonly CdrRecord[]): SessionTwist {
  return (good, { options }) => {
    let last: Batch | undefined
    return {
      async write(batch, call) {
        const outcome = await good.write(batch, call)
        if (outcome.kind !== 'accepted') return outcome
        if (last !== undefined) appendRecords(options, repeated(batch, last))
        last = batch
        return outcome
      },
    }
  }
}

/** Opens a session that keeps incomplete lines from earlier processes and writes each line in two steps. */
async function openTearing(path: string): Promise<OpenOutcome> {
  const ranks = new Map<string, number>()
  for (const { records } of parseStore(await readText(path))) {
    for (const record of records) ranks.set(identityOf(record), record.rank)
  }
  const session: SinkSession = {
    async write({ records }, call) {
      try {
        await new StoreFile(path).append({ records: [] }, call)
      } catch (error) {
        return classifyError(error)
      }
      const { readable, refused } = readRecords(records)
      const newer = readable.filter((record) => {
        const known = ranks.get(identityOf(record)) ?? Number.NEGATIVE_INFINITY
        ranks.set(identityOf(record), Math.max(record.rank, known))
        return known < record.rank
      })
      if (newer.length > 0) await writeInTwo(path, storeLine({ records: newer }))
      return { kind: 'accepted', refused }
    },
  }
  return { kind: 'opened', session }
}

async function writeInTwo(path: string, line: string): Promise<void> {
  const bytes = Buffer.from(line)
  const middle = Math.floor(bytes.length / 2)
  const file = await open(path, 'a')
  try {
    await file.write(bytes.subarray(0, middle))
    // Simulates a slow disk, so that a kill is likely to occur here.
    if (isChild()) await delay(slowDiskMs)
    await file.write(bytes.subarray(middle))
  } finally {
    await file.close()
  }
}
