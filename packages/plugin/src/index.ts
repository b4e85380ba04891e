export type { CdrFields } from '@cdrstream/catalogue'
export type { Batch, Position } from './batch.ts'
export { parseByteSize } from './byte-size.ts'
export type { Call, Logger } from './call.ts'
export { parseDurationMs } from './duration.ts'
export type {
  Accepted,
  Failed,
  Opened,
  OpenOutcome,
  Refusal,
  Rejected,
  Retry,
  WriteOutcome,
} from './outcome.ts'
export type { CdrRecord, RecordSource } from './record.ts'
export type { Finding, Mark, Sink } from './sink.ts'
export type { SinkContext, SinkPlugin, SinkTraits } from './sink-plugin.ts'
