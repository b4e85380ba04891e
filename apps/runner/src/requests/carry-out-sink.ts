import type { JournalRequest } from '@cdrstream/journal-sqlite'
import { showCount } from '../status/show-amount.ts'
import type { RequestOf } from './operator-request.ts'
import { done, type ExecutorMeans, type RequestStep, refused, unknownSink } from './request-step.ts'

export async function pauseSink(
  { sink }: RequestOf<'sink-pause'>,
  means: ExecutorMeans,
): Promise<RequestStep> {
  if (!means.sinks.some(({ name }) => name === sink)) return unknownSink(sink, means)
  await means.journal.pauseSink(sink)
  means.engine?.sink(sink)?.pause()
  return done('paused', `${sink} is paused until you resume it, even across restarts`, { sink })
}

export async function resumeSink(
  { kind, sink }: RequestOf<'sink-resume' | 'sink-retry'>,
  means: ExecutorMeans,
): Promise<RequestStep> {
  if (!means.sinks.some(({ name }) => name === sink)) return unknownSink(sink, means)
  await means.journal.resumeSink(sink)
  const control = means.engine?.sink(sink)
  if (kind === 'sink-retry') control?.retryNow()
  else control?.resume()
  if (control === undefined) {
    return done('resumed', `${sink} is no longer paused; the next collector delivers to it`, { sink })
  }
  return kind === 'sink-retry'
    ? done('retried', `${sink} is being called now`, { sink })
    : done('resumed', `${sink} is no longer paused`, { sink })
}

export async function forgetSink(
  { sink }: RequestOf<'sink-forget'>,
  { id, state }: JournalRequest,
  { sinks, journal }: ExecutorMeans,
): Promise<RequestStep> {
  if (sinks.some(({ name }) => name === sink)) {
    return refused('sink-configured', `${sink} is configured: remove it from the configuration first`)
  }
  // After a crash between the deletion and the result, the next attempt must not report an unknown sink.
  await journal.changeRequest(id, { state: 'running', progress: {} })
  const forgotten = await journal.forgetSink(sink)
  if (forgotten === undefined && state === 'new') {
    return refused('unknown-sink', `the journal has no data about sink ${sink}`)
  }
  const { quarantined = 0 } = forgotten ?? {}
  const also = quarantined === 0 ? '' : `, with ${showCount(quarantined, 'record')} in quarantine`
  return done('forgotten', `deleted all data about ${sink}${also}`, { sink, ...forgotten })
}
