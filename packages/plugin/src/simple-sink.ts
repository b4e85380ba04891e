import type { Opened } from './open-outcome.ts'
import type { Failed, Retry } from './outcome.ts'
import type { OpenCall, Sink } from './sink.ts'
import type { SinkSession } from './sink-session.ts'

/**
 * A sink that is its own session, which saves code if there is no connection to open. The engine makes the
 * calls in the same order as for a sink that opens sessions.
 */
export interface SimpleSink extends SinkSession, Pick<Sink, 'check'> {
  /** Prepares the sink. Default: answers `opened` without a position. */
  open?(call: OpenCall): Promise<Omit<Opened, 'session'> | Retry | Failed>
}

/** Returns the sink as one that opens sessions. Throws a TypeError if it has neither `open` nor `write`. */
export function toSink(created: Sink | SimpleSink): Sink {
  if (!isSimple(created)) {
    if (typeof created?.open === 'function') return created
    throw new TypeError('expected `create` to return an object with an `open` or a `write` method')
  }
  const session = sessionOf(created)
  return {
    async open(call) {
      const outcome = (await created.open?.(call)) ?? { kind: 'opened' }
      return outcome.kind === 'opened' ? { ...outcome, session } : outcome
    },
    ...(created.check && { check: (call) => created.check?.(call) ?? Promise.resolve([]) }),
  }
}

function isSimple(created: Sink | SimpleSink): created is SimpleSink {
  return typeof (created as Partial<SimpleSink> | null | undefined)?.write === 'function'
}

function sessionOf(sink: SimpleSink): SinkSession {
  return {
    write: sink.write.bind(sink),
    ...(sink.flush && { flush: sink.flush.bind(sink) }),
    ...(sink.mark && { mark: sink.mark.bind(sink) }),
    ...(sink.holds && { holds: sink.holds.bind(sink) }),
    ...(sink.close && { close: sink.close.bind(sink) }),
  }
}
