export type { CdrFields } from '@cdrstream/catalogue'
export type { Batch, Position } from './batch.ts'
export { parseByteSize } from './byte-size.ts'
export type { Call, Logger } from './call.ts'
export { defineSink, type SinkDefinition } from './define-sink.ts'
export { parseDurationMs } from './duration.ts'
export { type ExactMember, exactExtra } from './exact-extra.ts'
export { isFilePath } from './file-path.ts'
export type { Mark, MarkGap, MarkGapReason } from './mark.ts'
export { mergeGaps, mergeMark, type StoredMark } from './merge-mark.ts'
export { type ObjectMember, objectMembers } from './object-members.ts'
export type { Opened, OpenOutcome } from './open-outcome.ts'
export type {
  Accepted,
  Failed,
  Flushed,
  FlushOutcome,
  Refusal,
  Refused,
  Rejected,
  Retry,
  WriteOutcome,
} from './outcome.ts'
export type { CdrRecord, RecordSource } from './record.ts'
export type { JsonShape } from './scan-json.ts'
export { type SimpleSink, toSink } from './simple-sink.ts'
export type { Finding, OpenCall, Sink } from './sink.ts'
export type { SinkContext, SinkPlugin, SinkTraits } from './sink-plugin.ts'
export type { Presence, RecordReference, SinkSession } from './sink-session.ts'
