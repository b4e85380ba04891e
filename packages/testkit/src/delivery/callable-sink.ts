import type { Batch, FlushOutcome, OpenOutcome, Position, WriteOutcome } from '@cdrstream/plugin'
import type { Called, Thrown } from './call-sink.ts'

/** The calls to a sink and its session. They return what the sink throws as a value. */
export interface CallableSink {
  open(acknowledged: Position | null): Promise<OpenOutcome | Thrown>
  /** Writes a batch, and returns whether the call was aborted because it took too long. */
  timedWrite(batch: Batch): Promise<Called<WriteOutcome>>
  flush(): Promise<FlushOutcome | Thrown>
  /** Closes the session, if one is open, and returns what the sink threw. */
  release(): Promise<Thrown | undefined>
}
