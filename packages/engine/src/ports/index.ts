export type { Clock } from './clock.ts'
export {
  type AcceptedRecord,
  type Journal,
  JournalFullError,
  type JournalRecord,
  type JournalRun,
  type MissingRecords,
  type PageCommit,
  type Pruned,
  type QuarantineItem,
  type ReadLimit,
  type ScopeProgress,
  type SinkAcknowledgement,
  type SinkRestart,
  type SinkStanding,
  type Witness,
} from './journal.ts'
export type {
  Answer,
  BodyPermit,
  FailedAnswer,
  Item,
  LimitedAnswer,
  PageAnswer,
  RefusedAnswer,
  Source,
  SourceRequest,
} from './source.ts'
