import type { JournalRequest, QuarantinedItem } from '@cdrstream/journal-sqlite'
import { showCount } from '../status/show-amount.ts'
import type { RequestOf } from './operator-request.ts'
import { done, type ExecutorMeans, type RequestStep } from './request-step.ts'
import { type RetriedItems, readAgain, refusedRecords } from './retried-items.ts'
import {
  type AppendedTo,
  counted,
  firstRetryProgress,
  type RetryCounts,
  type RetryProgress,
} from './retry-progress.ts'

const itemsAtOnce = 200
/**
 * A sink that threw on a record may throw again. More consecutive records of this kind would look like a sink
 * that is down, so others are always placed between them.
 */
const throwersAtOnce = 2
const throwing = 'the sink fails on this record'
/** The number of steps after which other requests get a turn. */
const groupsAtOnce = 20

/**
 * Takes items out of quarantine and appends their records to the journal, one group at a time, then waits
 * until the sinks have passed them. Each group and the request's progress are stored in one transaction.
 */
export async function retryQuarantined(
  wanted: RequestOf<'quarantine-retry'>,
  request: JournalRequest,
  means: ExecutorMeans,
): Promise<RequestStep> {
  const { journal } = means
  let progress = (request.progress ?? firstRetryProgress(await journal.newestQuarantined())) as RetryProgress
  let moved = false
  for (let groups = 0; groups < groupsAtOnce; groups += 1) {
    const next = await retryGroup(wanted, request.id, progress, means)
    if (next === 'none') return finished(progress, means, moved)
    if (next === 'wait') return { state: 'running', moved }
    progress = next
    moved = true
  }
  return { state: 'running', moved }
}

/** Returns the progress after the next group, or `wait` if a sink must pass the previous group first. */
async function retryGroup(
  { filter }: RequestOf<'quarantine-retry'>,
  id: number,
  progress: RetryProgress,
  means: ExecutorMeans,
): Promise<RetryProgress | 'none' | 'wait'> {
  const { journal, digest, sinks, appended, nowMs } = means
  const { afterId, throughId } = progress
  const range = { order: 'oldest-first', limit: itemsAtOnce, afterId, throughId } as const
  const group = firstGroup(await journal.quarantined(filter, range))
  const [first] = group
  const last = group.at(-1)
  if (first === undefined || last === undefined) return 'none'
  const { org, sink } = first
  const skipped =
    sink !== null && !sinks.some(({ name }) => name === sink)
      ? { withoutSink: group.length }
      : first.isPassed
        ? undefined
        : { notPassed: group.length }
  if (skipped !== undefined) {
    const next = counted(progress, skipped, last.id)
    await journal.changeRequest(id, { state: 'running', progress: next })
    return next
  }
  if (isThrowing(first) && (await isAwaited(progress, sink, means))) return 'wait'
  const items =
    sink === null
      ? await readAgain(group, journal, digest, nowMs())
      : await refusedRecords(group, journal, digest)
  let next = counted(progress, countsOf(items, sink), last.id)
  const hasRecords = items.requeued.length > 0
  if (!hasRecords || items.unreadable.length + items.known.length > 0) {
    const review = { reasons: items.unreadable, known: items.known }
    // If there are records, the progress is stored with them.
    await journal.reviewQuarantined(review, { id, progress: () => (hasRecords ? progress : next) })
  }
  if (!hasRecords) return next
  await journal.requeue(
    { org, sink, items: items.requeued },
    {
      id,
      progress(span) {
        if (typeof span !== 'object') return next
        next = { ...next, appended: [...next.appended, { sink, ...span, records: items.requeued.length }] }
        return next
      },
    },
  )
  appended?.()
  return next
}

/** Returns the leading items that can be handled together. */
function firstGroup(items: readonly QuarantinedItem[]): readonly QuarantinedItem[] {
  const [first] = items
  if (first === undefined) return []
  const isOther = (item: QuarantinedItem) =>
    item.org !== first.org ||
    item.sink !== first.sink ||
    item.isPassed !== first.isPassed ||
    isThrowing(item) !== isThrowing(first)
  const end = items.findIndex(isOther)
  const alike = end === -1 ? items : items.slice(0, end)
  return first.isPassed && isThrowing(first) ? alike.slice(0, throwersAtOnce) : alike
}

function isThrowing({ reason }: QuarantinedItem): boolean {
  return reason.startsWith(throwing)
}

function countsOf({ requeued, known, unreadable }: RetriedItems, sink: string | null) {
  return {
    read: sink === null ? requeued.length : 0,
    known: known.length,
    unreadable: unreadable.length,
  }
}

/** Returns whether a sink has not yet passed everything that was appended for it. */
async function isAwaited(
  { appended }: RetryProgress,
  sink: string | null,
  { journal }: ExecutorMeans,
): Promise<boolean> {
  const toOffset = Math.max(0, ...appended.filter((span) => span.sink === sink).map((span) => span.toOffset))
  const standing = sink === null ? undefined : await journal.sink(sink)
  return standing !== undefined && standing.acknowledged.offset < toOffset
}

/** Returns the offset that each sink must pass before the retry is finished. */
export function awaitedOffsets(
  { appended }: Pick<RetryProgress, 'appended'>,
  sinks: ExecutorMeans['sinks'],
): ReadonlyMap<string, number> {
  const awaited = new Map<string, number>()
  for (const { sink, toOffset } of appended) {
    const names = sink === null ? sinks.map(({ name }) => name) : [sink]
    for (const name of names) awaited.set(name, Math.max(toOffset, awaited.get(name) ?? 0))
  }
  return awaited
}

async function finished(progress: RetryProgress, means: ExecutorMeans, moved: boolean): Promise<RequestStep> {
  const { journal, sinks } = means
  const { appended, counts } = progress
  for (const [name, offset] of awaitedOffsets(progress, sinks)) {
    const standing = await journal.sink(name)
    const isConfigured = sinks.some((sink) => sink.name === name)
    if (isConfigured && (standing?.acknowledged.offset ?? 0) < offset) return { state: 'running', moved }
  }
  const forOne = appended.filter(({ sink }) => sink !== null)
  const retried = forOne.reduce((sum, { records }) => sum + records, 0)
  let refusedAgain = 0
  for (const span of forOne) refusedAgain += await refusedOf(span, means)
  const delivered = retried - refusedAgain
  const details = { delivered, refusedAgain, ...counts }
  return done('retried', sentence(details), details)
}

function refusedOf({ sink, fromOffset, toOffset }: AppendedTo, { journal }: ExecutorMeans): Promise<number> {
  return sink === null ? Promise.resolve(0) : journal.refusedWithin(sink, fromOffset, toOffset)
}

interface RetryDetails extends RetryCounts {
  readonly delivered: number
  readonly refusedAgain: number
}

function sentence({
  delivered,
  refusedAgain,
  read,
  unreadable,
  known,
  notPassed,
  withoutSink,
}: RetryDetails): string {
  const parts = [
    [delivered, 'delivered'],
    [refusedAgain, 'refused again'],
    [read, 'read and delivered to all sinks'],
    [unreadable, 'still unreadable'],
    [known, 'already known'],
    [notPassed, 'not yet passed by their sink'],
    [withoutSink, 'without a configured sink'],
  ] as const
  const some = parts.filter(([count]) => count > 0)
  if (some.length === 0) return 'nothing to retry'
  const all = some.reduce((sum, [count]) => sum + count, 0)
  return `${showCount(all, 'item')}: ${some.map(([count, what]) => `${count.toLocaleString('en')} ${what}`).join(', ')}`
}
