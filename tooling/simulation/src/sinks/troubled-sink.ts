import type { FlushOutcome, OpenOutcome, Sink, SinkSession } from '@cdrstream/plugin'
import { callTrouble, injectTrouble } from './call-trouble.ts'
import { troubledWrite, type WriteParts } from './troubled-write.ts'

export interface TroubledSinkOptions extends WriteParts {
  readonly sink: Sink
}

/** Wraps a working sink with everything that can go wrong with a destination. */
export function troubledSink(options: TroubledSinkOptions): Sink {
  const { sink } = options
  return {
    async open(call) {
      const trouble = callTrouble(options, ['retry', 'failed', 'throw', 'hang'])
      const injected = trouble && (await injectTrouble(options, trouble, call))
      if (injected !== undefined) return injected satisfies OpenOutcome
      const opened = await sink.open(call)
      return opened.kind === 'opened'
        ? { ...opened, session: troubledSession(opened.session, options) }
        : opened
    },
  }
}

function troubledSession(session: SinkSession, options: TroubledSinkOptions): SinkSession {
  const { flush, mark, holds, close } = session
  return {
    write: (batch, call) => troubledWrite(session, batch, call, options),
    ...(flush && {
      async flush(call): Promise<FlushOutcome> {
        const trouble = callTrouble(options, ['retry', 'reopen', 'failed', 'throw', 'hang', 'lost'])
        const lost = trouble === 'lost' ? await flush.call(session, call) : undefined
        const injected = trouble && (await injectTrouble(options, trouble, call))
        return injected ?? lost ?? flush.call(session, call)
      },
    }),
    ...(mark && {
      async mark(marks, call): Promise<void> {
        if (options.chance.happens(options.troubles().markThrows)) {
          options.situations.happened('mark-failed')
          throw new Error('planned: the mark was not stored')
        }
        return mark.call(session, marks, call)
      },
    }),
    ...(holds && {
      async holds(records, call) {
        return holds.call(session, records, call)
      },
    }),
    ...(close && { close: (call) => close.call(session, call) }),
  }
}
