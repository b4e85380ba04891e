import type { DatabaseSync } from 'node:sqlite'
import { wholeMs } from '@cdrstream/core'
import { type Journal, JournalFullError } from '@cdrstream/engine'
import type { Position } from '@cdrstream/plugin'
import { encodeBlocks } from './blocks/encode-block.ts'
import { blockReader } from './blocks/read-blocks.ts'
import { freeDiskBytes } from './database/room.ts'
import { inSnapshot, inTransaction } from './database/transaction.ts'
import { inspectJournal, type JournalInspection } from './inspect-journal.ts'
import type { JournalLimits, LimitedJournal } from './journal-limits.ts'
import type { JournalOptions } from './journal-options.ts'
import type { JournalLock } from './open/journal-lock.ts'
import { journalOperations } from './operations/journal-operations.ts'
import type { JournalOperations } from './operations/operations.ts'
import { pruneJournal } from './prune/prune-journal.ts'
import { formerNames, type JournalOrgs, journalOrgs } from './rename-org.ts'
import { blockTable } from './tables/block-table.ts'
import { budgetTable } from './tables/budget-table.ts'
import { leftOutTable } from './tables/left-out-table.ts'
import { orgTable } from './tables/org-table.ts'
import { pauseTable } from './tables/pause-table.ts'
import { progressTable } from './tables/progress-table.ts'
import { quarantineTable } from './tables/quarantine-table.ts'
import { packRevisions, revisionTable } from './tables/revision-table.ts'
import { sinkGapTable } from './tables/sink-gap-table.ts'
import { sinkTable } from './tables/sink-table.ts'
import { type JournalStates, stateTable } from './tables/state-table.ts'
import { witnessTable } from './tables/witness-table.ts'

/** A journal in a SQLite file. For what each call promises, see `Journal` of the engine. */
export type SqliteJournal = Journal &
  JournalInspection &
  JournalOrgs &
  JournalStates &
  JournalOperations &
  LimitedJournal

/** Quarantine can use this fraction of `maxBytes`, in addition to `maxBytes`. */
const quarantineShare = 10
/**
 * The maximum number of items that cannot be records. Enough to diagnose a problem, or even several at once.
 */
const maxInvalidItems = 100_000

/**
 * Builds the journal from its tables. Every transaction is synchronous, so that concurrent calls never run
 * inside the same one.
 */
export function sqliteJournal(
  database: DatabaseSync,
  incarnation: string,
  options: Required<Omit<JournalOptions, 'onTightened'>>,
  lock: JournalLock | undefined,
): SqliteJournal {
  let limits: JournalLimits = options
  const orgs = orgTable(database)
  const blocks = blockTable(database, incarnation)
  const leftOut = leftOutTable(database)
  const reader = blockReader(database, blocks, leftOut)
  const revisions = revisionTable(database, options.rememberMs)
  const progress = progressTable(database)
  const budgets = budgetTable(database)
  const sinks = sinkTable(database, incarnation)
  const sinkGaps = sinkGapTable(database, incarnation)
  const pauses = pauseTable(database)
  const states = stateTable(database)
  const witnesses = witnessTable(database, incarnation)
  const quarantine = quarantineTable(database, orgs, {
    get bytes() {
      return limits.maxBytes / quarantineShare
    },
    invalidItems: maxInvalidItems,
  })

  /**
   * Only one process may write records and positions, or the order of commits would be meaningless. The lock
   * ensures this.
   */
  function assertCollector(): void {
    if (lock === undefined) throw new Error(`a journal opened with access "${options.access}" cannot do this`)
  }

  function assertOwned(position: Position): void {
    if (!blocks.owns(position)) throw new Error('the position is not from this journal')
  }

  /**
   * Returns the acceptance times of a gap, which ends at the oldest record that is still in the journal. Uses
   * times from the journal where possible, because the clock of this machine may be wrong.
   */
  function gapTimes({ to, sinceMs }: { readonly to: Position; readonly sinceMs: number | null }) {
    const acceptedToMs = blocks.after(to.offset)?.acceptedAtMs ?? revisions.newestMs() ?? options.nowMs()
    return { acceptedFromMs: sinceMs, acceptedToMs }
  }

  /** Skipped if the journal is full, because a page may still fit. */
  function mergeRevisions(): void {
    if (!revisions.hasManyRuns()) return
    try {
      revisions.adopt(inTransaction(database, () => revisions.merge()))
    } catch (error) {
      if (!(error instanceof JournalFullError)) throw error
    }
  }

  const { nowMs, randomId } = options
  return {
    incarnation,
    ...journalOrgs(database, { assertCollector, renamed: () => reader.forget() }),
    ...journalOperations(
      { database, orgs, blocks, revisions, sinks, sinkGaps, witnesses, quarantine, pauses, leftOut },
      { assertCollector, nowMs, randomId },
    ),

    async progress(scope) {
      return progress.find(scope)
    },

    async scopes() {
      return progress.all()
    },

    async revisions(org, keys) {
      assertCollector()
      const orgId = orgs.find(org)
      return orgId === undefined ? new Map() : revisions.find(orgId, keys)
    },

    async commit(page) {
      assertCollector()
      const orgId = orgs.find(page.org) ?? inTransaction(database, () => orgs.idOf(page.org))
      const encoding = encodeBlocks(page.records)
      // Runs while other threads compress.
      const packed = packRevisions(orgId, page.records)
      mergeRevisions()
      const encoded = await encoding
      const { rows, end, remembered } = inTransaction(database, () => {
        const rows = blocks.append({ id: orgId, name: page.org }, options.randomId(), encoded)
        const newestMs = Math.max(...encoded.map(({ acceptedAtMs }) => acceptedAtMs))
        const remembered = encoded.length > 0 ? revisions.remember(packed, wholeMs(newestMs)) : undefined
        progress.store(page.scope, orgId, page.progress)
        quarantine.add(page.quarantined)
        budgets.change(page.budget.credential, page.budget.change)
        return { rows, end: blocks.end(), remembered }
      })
      if (remembered !== undefined) revisions.adopt(remembered)
      reader.keep(rows, encoded)
      return end
    },

    async budget(credential) {
      return budgets.get(credential)
    },

    async credentials() {
      return budgets.credentials()
    },

    async changeBudget(credential, change) {
      return inTransaction(database, () => budgets.change(credential, change))
    },

    async start() {
      return blocks.start()
    },

    async end() {
      return blocks.end()
    },

    positionAt: (acceptedAtMs) => reader.positionAt(acceptedAtMs),

    async owns(position) {
      return blocks.owns(position)
    },

    async newestAcceptedAtMs() {
      return revisions.newestMs()
    },

    async read(after, limit) {
      if (after.incarnation !== incarnation) throw new Error('the position is from another journal')
      return reader.read(after, limit)
    },

    async sink(name) {
      const standing = sinks.find(name)
      return (
        standing && {
          ...standing,
          ...(pauses.has(name) && { isPaused: true }),
          witnesses: witnesses.of(name),
        }
      )
    },

    async registerSink(name, first, nowMs) {
      assertCollector()
      // The next record is accepted later than all records in the journal. Their times are more reliable than
      // the clock of this process, which no response has corrected yet.
      const newestMs = revisions.newestMs()
      const nextMs = newestMs === undefined ? nowMs : newestMs + 1
      const firstMs = first.offset === 0 ? null : (blocks.after(first.offset)?.acceptedAtMs ?? nextMs)
      inTransaction(database, () => sinks.register(name, first, firstMs))
    },

    async startSink(name, at, { gap }) {
      assertCollector()
      inTransaction(database, () => {
        assertOwned(at)
        sinks.setPosition(name, at)
        if (gap) sinkGaps.add({ sink: name, ...gapTimes(gap), ...gap, atMs: options.nowMs() })
      })
    },

    async rewindSink(name, after) {
      assertCollector()
      inTransaction(database, () => {
        assertOwned(after)
        sinks.rewind(name, after)
      })
    },

    async acknowledge(sink, { through, refused = [], released = [], forgotten = [], witnesses: added = [] }) {
      assertCollector()
      inTransaction(database, () => {
        assertOwned(through)
        sinks.setPosition(sink, through)
        quarantine.add(refused)
        quarantine.release(sink, released)
        witnesses.forget(sink, forgotten)
        witnesses.add(sink, added)
      })
    },

    async refusedAfter(sink, offset) {
      return quarantine.refusedAfter(sink, offset)
    },

    async missing(sink) {
      return inSnapshot(database, () => [
        ...sinkGaps.of(sink).map(({ acceptedFromMs, acceptedToMs, atMs }) => ({
          org: null,
          fromMs: acceptedFromMs,
          toMs: acceptedToMs ?? atMs,
          reason: 'lost' as const,
        })),
        ...blocks
          .missing(sink, sinks.find(sink)?.acknowledged.offset ?? 0)
          .map((span) => ({ ...span, reason: 'refused' as const })),
        ...quarantine.minutesWithout(sink).map((minute) => ({ ...minute, reason: 'refused' as const })),
      ])
    },

    async prune(nowMs, names) {
      assertCollector()
      return pruneJournal({ database, blocks, sinks, sinkGaps, quarantine }, limits, nowMs, names)
    },

    async roomBytes() {
      return freeDiskBytes(database) - limits.minFreeDiskBytes
    },

    setLimits(changed) {
      limits = changed
    },

    async formerNames(org) {
      return formerNames(database, org)
    },

    async inspect() {
      return inspectJournal({ database, blocks, progress, sinks, sinkGaps, quarantine, pauses })
    },

    async states() {
      return inSnapshot(database, () => states.read())
    },

    async noteStates(changed, atMs, { all = false } = {}) {
      assertCollector()
      inTransaction(database, () => states.store(changed, atMs, all))
    },

    async close() {
      if (!database.isOpen) return
      try {
        database.close()
      } finally {
        lock?.release()
      }
    },
  }
}
