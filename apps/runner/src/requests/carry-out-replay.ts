import type { JournalRequest } from '@cdrstream/journal-sqlite'
import type { Position, SinkTraits } from '@cdrstream/plugin'
import { showCount } from '../status/show-amount.ts'
import type { RequestOf } from './operator-request.ts'
import { done, type ExecutorMeans, type RequestStep, refused, unknownSink } from './request-step.ts'

/** The progress of a replay, in journal offsets. The sink's position is in the journal. */
export interface ReplayProgress {
  /** Everything after `after` and up to `toOffset` is delivered again. */
  readonly after: Position
  readonly toOffset: number
  /** Whether the journal has recorded the replay, which then continues after a restart. */
  readonly isRecorded: boolean
}

/** Returns why records cannot be replayed to a sink, or undefined if they can. */
function whyNotReplayed(
  { idempotence, replayable = idempotence === 'key' }: SinkTraits,
  sink: string,
  duplicatesOk: boolean,
): { readonly code: string; readonly message: string } | undefined {
  if (replayable) return undefined
  if (idempotence === 'position') {
    return {
      code: 'not-replayable',
      message: `${sink} does not accept a record twice; to write records again, configure another sink with an empty destination and \`from\``,
    }
  }
  if (duplicatesOk) return undefined
  return {
    code: 'duplicates',
    message: `${sink} stores neither keys nor a position, so every replayed record would appear twice; to accept this, use --duplicates-ok`,
  }
}

export async function carryOutReplay(
  { sink, sinceMs, duplicatesOk }: RequestOf<'replay'>,
  { id, state, progress }: JournalRequest,
  means: ExecutorMeans,
  recording: Map<number, Promise<unknown>>,
): Promise<RequestStep> {
  const { journal, sinks } = means
  if (recording.has(id)) return { state: 'running', moved: false }
  const traits = sinks.find(({ name }) => name === sink)?.traits
  if (traits === undefined) return unknownSink(sink, means)
  const standing = await journal.sink(sink)
  if (state === 'new') {
    const problem = whyNotReplayed(traits, sink, duplicatesOk)
    if (problem !== undefined) return refused(problem.code, problem.message)
    if (standing === undefined)
      return done('nothing', `nothing has been delivered to ${sink} yet`, { records: 0 })
    const start = await journal.start()
    const from = sinceMs === null ? start : await journal.positionAt(sinceMs)
    const after = from.offset > start.offset ? from : start
    const toOffset = Math.max(standing.acknowledged.offset, standing.replayTo ?? 0)
    if (after.offset >= toOffset) {
      return done('nothing', `${sink} has no records accepted since then`, { records: 0 })
    }
    const begun: ReplayProgress = { after, toOffset, isRecorded: false }
    await journal.changeRequest(id, { state: 'running', progress: begun })
    record(id, begun, sink, means, recording)
    return { state: 'running', moved: true }
  }
  const begun = progress as ReplayProgress
  if (!begun.isRecorded) {
    record(id, begun, sink, means, recording)
    return { state: 'running', moved: true }
  }
  if (standing?.replayTo !== undefined && standing.replayTo !== null)
    return { state: 'running', moved: false }
  const records = begun.toOffset - begun.after.offset
  return done('replayed', `replayed ${showCount(records, 'record')} to ${sink}`, { sink, records })
}

/** Records the replay through the sink's deliver loop, or directly if there is none. */
function record(
  id: number,
  progress: ReplayProgress,
  sink: string,
  { journal, engine, log }: ExecutorMeans,
  recording: Map<number, Promise<unknown>>,
): void {
  const { after } = progress
  const work = async () => {
    try {
      const control = engine?.sink(sink)
      const isRecorded = control === undefined || (await control.replayFrom(after))
      if (!isRecorded) return
      if (control === undefined) await journal.rewindSink(sink, after)
      await journal.changeRequest(id, { state: 'running', progress: { ...progress, isRecorded: true } })
    } catch (cause) {
      log.warn('the journal failed; the replay has not started', { sink, cause: String(cause) })
    } finally {
      recording.delete(id)
    }
  }
  recording.set(id, work())
}
