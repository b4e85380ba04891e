import type { Mutant } from '../mutant.ts'

const journal = 'packages/journal-sqlite/src/sqlite-journal.test.ts'
const prune = 'packages/journal-sqlite/src/prune/prune-journal.test.ts'
const revisions = 'packages/journal-sqlite/src/tables/revision-table.test.ts'
const sinks = 'packages/journal-sqlite/src/sinks.test.ts'

/** Data that must survive a crash, and how long it is kept. */
export const journalMutants: readonly Mutant[] = [
  {
    name: 'synchronous-normal',
    file: 'packages/journal-sqlite/src/open/open-database.ts',
    find: 'PRAGMA synchronous = FULL;',
    replace: 'PRAGMA synchronous = NORMAL;',
    caughtBy: 'packages/journal-sqlite/src/open/open-database.test.ts',
  },
  {
    name: 'progress-stored-before-its-records',
    file: 'packages/journal-sqlite/src/sqlite-journal.ts',
    find: 'const encoding = encodeBlocks(page.records)',
    replace:
      'inTransaction(database, () => progress.store(page.scope, orgId, page.progress))\n      const encoding = encodeBlocks(page.records)',
    caughtBy: journal,
  },
  {
    name: 'keys-forgotten-early',
    file: 'packages/journal-sqlite/src/tables/revision-table.ts',
    find: 'const isOver = nowMs - sinceMs >= rememberMs',
    replace: 'const isOver = nowMs - sinceMs >= rememberMs / 2',
    caughtBy: revisions,
  },
  {
    name: 'clock-jump-forgets-keys',
    file: 'packages/journal-sqlite/src/tables/revision-table.ts',
    find: 'const maxStepMs = 86_400_000',
    replace: 'const maxStepMs = Number.MAX_SAFE_INTEGER',
    caughtBy: revisions,
  },
  {
    name: 'key-ignores-the-org',
    file: 'packages/journal-sqlite/src/remembered/entry.ts',
    find: 'bytes.writeUInt32BE(orgId, at)',
    replace: 'bytes.writeUInt32BE(0, at)',
    caughtBy: journal,
  },
  {
    name: 'slowest-sink-ignored-by-pruning',
    file: 'packages/journal-sqlite/src/prune/prune-journal.ts',
    find: 'Math.min(...sinks.map(',
    replace: 'Math.max(...sinks.map(',
    caughtBy: prune,
  },
  {
    name: 'records-lost-to-the-size-limit-not-recorded',
    file: 'packages/journal-sqlite/src/prune/prune-journal.ts',
    find: 'sinkGaps.add({ ...gap, ...accepted, atMs: nowMs })',
    replace: 'void accepted',
    caughtBy: prune,
  },
  {
    name: 'position-from-a-copy-accepted',
    file: 'packages/journal-sqlite/src/tables/block-table.ts',
    find: 'return (commitAt(offset) ?? commit) === commit',
    replace: 'return true',
    caughtBy: 'packages/journal-sqlite/src/tables/block-table.test.ts',
  },
  {
    name: 'released-records-stay-in-quarantine',
    file: 'packages/journal-sqlite/src/tables/quarantine-table.ts',
    find: 'for (const offset of offsets) releaseOne.run(sink, offset)',
    replace: '',
    caughtBy: sinks,
  },
  {
    name: 'refused-records-not-counted-as-missing',
    file: 'packages/journal-sqlite/src/sqlite-journal.ts',
    find: "...quarantine.minutesWithout(sink).map((minute) => ({ ...minute, reason: 'refused' as const })),",
    replace: '',
    caughtBy: sinks,
  },
  {
    name: 'gap-of-a-started-sink-not-recorded',
    file: 'packages/journal-sqlite/src/sqlite-journal.ts',
    find: 'if (gap) sinkGaps.add(',
    replace: 'if (false) sinkGaps.add(',
    caughtBy: sinks,
  },
  {
    name: 'reader-skips-the-rest-of-a-block',
    file: 'packages/journal-sqlite/src/blocks/read-blocks.ts',
    find: 'for (offset = Math.max(offset, firstOffset - 1); offset',
    replace: 'for (offset = firstOffset - 1 > offset ? firstOffset - 1 : offset + 1; offset',
    caughtBy: journal,
  },
  {
    name: 'renamed-org-loses-its-coverage',
    file: 'packages/journal-sqlite/src/rename-org.ts',
    find: 'renameScopes.run(name, formerly)',
    replace: '',
    caughtBy: 'packages/journal-sqlite/src/rename-org.test.ts',
  },
  {
    name: 'expired-invalid-items-missing-from-marks',
    file: 'packages/journal-sqlite/src/tables/quarantine-table.ts',
    find: "for (const item of deleted) if (item.sink === null) dropped.add(item.orgId, '', item.atMs, 0)",
    replace: '',
    caughtBy: 'packages/journal-sqlite/src/prune/prune-journal.test.ts',
  },
  {
    name: 'renamed-org-loses-its-budget',
    file: 'packages/journal-sqlite/src/rename-org.ts',
    find: 'renameBudget.run(name, formerly)',
    replace: '',
    caughtBy: 'packages/journal-sqlite/src/rename-org.test.ts',
  },
  {
    name: 'unlimited-tiny-items-in-quarantine',
    file: 'packages/journal-sqlite/src/tables/quarantine-table.ts',
    find: ' && invalidItems() < bounds.invalidItems',
    replace: '',
    caughtBy: 'packages/journal-sqlite/src/prune/prune-journal.test.ts',
  },
]
