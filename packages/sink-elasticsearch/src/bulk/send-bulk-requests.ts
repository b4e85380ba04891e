import type { Refusal } from '@cdrstream/plugin'
import { SinkFault } from '@cdrstream/sink-kit'
import { isPassing } from '../classify-error.ts'
import { RefusedRequest } from '../server/refused-request.ts'
import { type BulkBody, halveBulkRequest } from './build-bulk-request.ts'
import type { ItemOutcome } from './read-bulk-response.ts'

/** What became of the records that were sent. Each one that is not in `settled` has to be sent again. */
export interface BulkResult {
  /** By index in the batch. */
  readonly settled: ReadonlySet<number>
  readonly refused: readonly Refusal[]
  /** Why a request as a whole failed, if one did, or why a record is to be sent again. */
  readonly trouble: unknown
  /** The bytes of the smallest request that the server found too large; undefined if there was none. */
  readonly tooLargeBytes: number | undefined
  /** Whether an index was deleted meanwhile. */
  readonly isIndexGone: boolean
}

export interface BulkSending {
  /** How many requests are under way at once. */
  readonly concurrency: number
  /** Sends one request, and returns the outcome of each of its records. */
  send(body: BulkBody): Promise<readonly ItemOutcome[]>
}

/**
 * When the server refuses the first records one by one, each with its request, the fault is not in the
 * records.
 */
const maxUnreadable = 10

/**
 * Sends bulk requests, each built when there is room for it. After the first failure it begins no more, but
 * waits for those under way, to know what they wrote. A request that the server refuses as a whole is halved
 * until the record at fault is alone. Throws whatever a person has to fix: a `SinkFault` or a
 * `RefusedRequest`.
 */
export async function sendBulkRequests(
  bodies: AsyncGenerator<BulkBody>,
  { concurrency, send }: BulkSending,
): Promise<BulkResult> {
  const settled = new Set<number>()
  const refused: Refusal[] = []
  let trouble: unknown
  let notWritten: Error | undefined
  /** Whatever a person has to fix. */
  let fault: SinkFault | RefusedRequest | undefined
  let tooLargeBytes: number | undefined
  let isIndexGone = false
  let unreadable = 0

  const take = (index: number, outcome: ItemOutcome) => {
    switch (outcome.kind) {
      case 'written':
        settled.add(index)
        return
      case 'refused':
        settled.add(index)
        refused.push({ index, reason: outcome.reason })
        return
      case 'failed':
        fault ??= outcome.fault
        return
      case 'index-gone':
        isIndexGone = true
        return
      case 'again':
        // The others of the same request may get through, so that it does not stop the next one.
        notWritten ??= outcome.cause
        return
    }
  }

  /** No request is begun after it. */
  const stopFor = (error: unknown) => {
    const isFault =
      error instanceof SinkFault || (error instanceof RefusedRequest && !isPassing(error.status))
    if (isFault) fault ??= error
    else trouble ??= error
  }

  const isStopped = () => trouble !== undefined || fault !== undefined || isIndexGone

  const refuseAlone = (index: number, error: RefusedRequest) => {
    if (error.status === 413)
      return take(index, { kind: 'refused', reason: 'it is larger than the server accepts' })
    unreadable += 1
    take(index, { kind: 'refused', reason: 'Elasticsearch cannot read a request that holds it' })
    if (unreadable === maxUnreadable && settled.size === unreadable) stopFor(error)
  }

  const deliver = async (body: BulkBody): Promise<void> => {
    try {
      const outcomes = await send(body)
      for (const [at, outcome] of outcomes.entries()) take(body.indexes[at] as number, outcome)
    } catch (error) {
      if (!(error instanceof RefusedRequest && isForContent(error.status))) return stopFor(error)
      const { indexes, bytes } = body
      if (indexes.length === 1) return refuseAlone(indexes[0] as number, error)
      if (error.status === 413) tooLargeBytes = Math.min(tooLargeBytes ?? bytes.length, bytes.length)
      for (const half of halveBulkRequest(body)) if (!isStopped()) await deliver(half)
    }
  }

  const work = async (): Promise<void> => {
    while (!isStopped()) {
      const { done, value } = await bodies.next()
      if (done) return
      await deliver(value)
    }
  }
  await Promise.all(Array.from({ length: concurrency }, () => work().catch(stopFor)))
  if (fault !== undefined) throw fault
  return { settled, refused, trouble: trouble ?? notWritten, tooLargeBytes, isIndexGone }
}

/** Too large, or nothing that the server can read. */
function isForContent(status: number): boolean {
  return status === 413 || status === 400
}
