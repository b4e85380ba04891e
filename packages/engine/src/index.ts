export { type Engine, type EngineEnd, startEngine } from './engine.ts'
export type { EngineOptions, OrgSetup, Platform, SinkSetup } from './engine-options.ts'
export {
  type AcceptedRecord,
  type Answer,
  type BodyPermit,
  type Clock,
  type FailedAnswer,
  type Item,
  type Journal,
  JournalFullError,
  type JournalRecord,
  type JournalRun,
  type LimitedAnswer,
  type MissingRecords,
  type PageAnswer,
  type PageCommit,
  type Pruned,
  type QuarantineItem,
  type ReadLimit,
  type RefusedAnswer,
  type SinkAcknowledgement,
  type SinkRestart,
  type SinkStanding,
  type Source,
  type SourceRequest,
  type Witness,
} from './ports/index.ts'
export { recoverBudgets } from './recover-budgets.ts'
