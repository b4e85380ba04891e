export {
  type BreakableProxy,
  type ProxyState,
  type ServerPort,
  startBreakableProxy,
} from './breakable-proxy.ts'
export { mayUsePlace } from './certified-place.ts'
export { makeRecord, type RecordDraft } from './records/make-record.ts'
export { referenceKeySink } from './reference-sinks/key-sink.ts'
export { referenceLogSink } from './reference-sinks/log-sink.ts'
export { referencePositionSink } from './reference-sinks/position-sink.ts'
export { readReferenceStore } from './reference-sinks/read-store.ts'
export type { StoreOptions } from './reference-sinks/store-options.ts'
export {
  type RunSinkChecksOptions,
  runSinkChecks,
  type SinkCheckResult,
  type SinkReport,
} from './run-sink-checks.ts'
export type { Breakage, ShownRecord, SinkCertification } from './sink-certification.ts'
export type { SinkCheck } from './sink-check.ts'
export { sinkChecks } from './sink-checks.ts'
