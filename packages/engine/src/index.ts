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
  type NextLink,
  type PageAnswer,
  type PageCommit,
  type Pruned,
  type QuarantineItem,
  type ReadLimit,
  type RefusedAnswer,
  type Source,
  type SourceRequest,
} from './ports/index.ts'
