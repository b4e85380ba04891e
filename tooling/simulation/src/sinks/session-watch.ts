import type { Sink, SinkSession, SinkTraits } from '@cdrstream/plugin'

/** Wraps a sink to check that the engine follows the contract's order of calls. Use one for each process. */
export function watchedSink(
  sink: Sink,
  { idempotence }: Pick<SinkTraits, 'idempotence'>,
  broken: (what: string) => void,
): Sink {
  const isPositioned = idempotence === 'position'
  let current: object | undefined
  let isBusy = false
  let aborted: AbortSignal | undefined

  async function alone<Result>(
    name: string,
    signal: AbortSignal,
    work: () => Promise<Result>,
  ): Promise<Result> {
    if (isBusy && aborted?.aborted !== true) broken(`${name} began before another call had settled`)
    isBusy = true
    aborted = signal
    try {
      return await work()
    } finally {
      if (aborted === signal) isBusy = false
    }
  }

  function watchedSession(session: SinkSession): SinkSession {
    const id = {}
    current = id
    let endOffset: number | undefined
    let mustReopen = false
    const isCurrent = (name: string) => {
      if (current !== id) broken(`${name} was called on a session that is closed or not the latest`)
      if (mustReopen && name !== 'close') broken(`${name} was called after the sink had asked to be reopened`)
    }
    const { flush, mark, holds, close } = session
    return {
      async write(batch, call) {
        isCurrent('write')
        if (batch.records.length === 0) broken('a batch has no records')
        if (isPositioned && endOffset !== undefined && batch.from.offset !== endOffset) {
          broken(`a batch begins at ${batch.from.offset} where the last one ended at ${endOffset}`)
        }
        return alone('write', call.signal, async () => {
          const outcome = await session.write(batch, call)
          if (outcome.kind === 'accepted') endOffset = batch.to.offset
          if (outcome.kind === 'retry') mustReopen = outcome.reopen === true || isPositioned
          return outcome
        })
      },
      ...(flush && {
        flush: (call) => {
          isCurrent('flush')
          return alone('flush', call.signal, () => flush.call(session, call))
        },
      }),
      ...(mark && {
        mark: (marks, call) => {
          isCurrent('mark')
          return alone('mark', call.signal, () => mark.call(session, marks, call))
        },
      }),
      ...(holds && {
        holds: (records, call) => {
          isCurrent('holds')
          return alone('holds', call.signal, () => holds.call(session, records, call))
        },
      }),
      async close(call) {
        isCurrent('close')
        current = undefined
        await alone('close', call.signal, async () => close?.call(session, call))
      },
    }
  }

  return {
    async open(call) {
      if (current !== undefined) broken('open was called before the last session was closed')
      return alone('open', call.signal, async () => {
        const outcome = await sink.open(call)
        return outcome.kind === 'opened' ? { ...outcome, session: watchedSession(outcome.session) } : outcome
      })
    },
  }
}
