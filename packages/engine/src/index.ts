export type { ChangeEnd, EngineChange } from './change-queue.ts'
export { type Engine, type EngineEnd, startEngine } from './engine.ts'
export { engineMetrics } from './engine-metrics.ts'
export type { EngineOptions, OrgSetup, Platform, SinkSetup } from './engine-options.ts'
export type { MetricDefinition } from './metric-definition.ts'
export {
  type Answer,
  type BodyPermit,
  type Clock,
  type CommittedPage,
  type EngineActivity,
  type EngineLoop,
  type EngineObserver,
  type FailedAnswer,
  type Journal,
  JournalFullError,
  type JournalRun,
  type LimitedAnswer,
  type MissingRecords,
  type PageAnswer,
  type PageCommit,
  type Prepared,
  type Pruned,
  type QuarantineItem,
  type ReadLimit,
  type ReadyRequest,
  type RefusedAnswer,
  type RefusedRecords,
  type ScopeProgress,
  type SinkAcknowledgement,
  type SinkRestart,
  type SinkStanding,
  type Source,
  type SourceRequest,
  type SubjectState,
  type Witness,
} from './ports/index.ts'
export { recoverBudgets } from './recover-budgets.ts'
export type { SinkControl } from './sink-control.ts'
