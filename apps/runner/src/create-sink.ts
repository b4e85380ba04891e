import type { Sink, SinkContext } from '@cdrstream/plugin'
import type { CheckedSink } from './sinks/check-sink-options.ts'

/** Makes a sink. One that cannot be made is paused as one that cannot be opened is: it holds up nobody. */
export function createSink({ create }: Pick<CheckedSink, 'create'>, context: SinkContext): Sink {
  try {
    return create(context)
  } catch (cause) {
    const failed = {
      kind: 'failed',
      code: 'create-failed',
      remedy: 'mend the sink: its `create` threw an error',
      cause,
    } as const
    return { open: async () => failed, write: async () => failed }
  }
}
