import type { Sink, SinkContext } from '@cdrstream/plugin'
import type { CheckedSink } from './sinks/check-sink-options.ts'

/**
 * Returns the sink. If `create` throws, returns a sink that never opens, so that the engine pauses it and
 * runs the others.
 */
export function createSink({ create }: Pick<CheckedSink, 'create'>, context: SinkContext): Sink {
  try {
    return create(context)
  } catch (cause) {
    const failed = {
      kind: 'failed',
      code: 'create-failed',
      remedy: 'fix the sink: its `create` threw an error',
      cause,
    } as const
    return { open: async () => failed }
  }
}
