export type { JournalBytes, JournalInspection, JournalSnapshot, SinkLag } from './inspect-journal.ts'
export type { JournalLimits, LimitedJournal } from './journal-limits.ts'
export { type JournalOpenCode, JournalOpenError, type LockHolder } from './journal-open-error.ts'
export { type JournalOptions, journalDefaults } from './journal-options.ts'
export { findHolder } from './open/journal-lock.ts'
export { journalOpenError } from './open/open-error.ts'
export { openJournal } from './open/open-journal.ts'
export type {
  AppendedSpan,
  ForgottenSink,
  JournalOperations,
  QuarantineReview,
  RequestNote,
  Requeued,
  RequeuedItem,
} from './operations/operations.ts'
export type { QuarantinedItem, QuarantineFilter, QuarantineRange } from './operations/quarantine-query.ts'
export type { SqliteJournal } from './sqlite-journal.ts'
export type { PausedSink } from './tables/pause-table.ts'
export type { QuarantineCount } from './tables/quarantine-count.ts'
export type { JournalRequest, RequestChange } from './tables/request-table.ts'
export type { SinkGap } from './tables/sink-gap-table.ts'
export type {
  AmountLeft,
  JournalStates,
  ReportedState,
  ReportedStates,
} from './tables/state-table.ts'
