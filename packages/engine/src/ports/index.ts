export type { CommittedPage, EngineActivity, EngineLoop, RefusedRecords } from './activity.ts'
export type { Clock } from './clock.ts'
export {
  type Journal,
  JournalFullError,
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
export type { EngineObserver, SubjectState } from './observer.ts'
export type {
  Answer,
  BodyPermit,
  FailedAnswer,
  LimitedAnswer,
  PageAnswer,
  Prepared,
  ReadyRequest,
  RefusedAnswer,
  Source,
  SourceRequest,
} from './source.ts'
