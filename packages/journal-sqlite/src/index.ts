export type { JournalBytes, JournalInspection, JournalSnapshot, SinkLag } from './inspect-journal.ts'
export { type JournalOpenCode, JournalOpenError, type LockHolder } from './journal-open-error.ts'
export { type JournalOptions, journalDefaults } from './journal-options.ts'
export { findHolder } from './open/journal-lock.ts'
export { journalOpenError } from './open/open-error.ts'
export { openJournal } from './open/open-journal.ts'
export type { SqliteJournal } from './sqlite-journal.ts'
export type { QuarantineCount } from './tables/quarantine-count.ts'
export type { SinkGap } from './tables/sink-gap-table.ts'
export type {
  AmountLeft,
  JournalStates,
  ReportedState,
  ReportedStates,
} from './tables/state-table.ts'
