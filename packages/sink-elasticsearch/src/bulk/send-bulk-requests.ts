import type { Refusal } from '@cdrstream/plugin'
import { SinkFault } from '@cdrstream/sink-kit'
import { isTransient } from '../classify-error.ts'
import { RefusedRequest } from '../server/refused-request.ts'
import { type BulkBody, halveBulkRequest } from './build-bulk-request.ts'
import type { ItemOutcome } from './read-bulk-response.ts'

/** The outcome of a batch. Records that are not in `settled` must be sent again. */
export interface BulkResult {
  /** The records that were written or refused, by index in the batch. */
  readonly settled: ReadonlySet<number>
  readonly refused: readonly Refusal[]
  /** Why a request failed or a record must be sent again. Undefined if neither is the case. */
  readonly problem: unknown
  /** The size of the smallest request that the server rejected as too large, or undefined. */
  readonly tooLargeBytes: number | undefined
  /** Whether an index was deleted while the batch was being sent. */
  readonly isIndexGone: boolean
}

export interface BulkSending {
  /** How many requests are sent in parallel. */
  readonly concurrency: number
  /** Sends one request, and returns each record's outcome. */
  send(body: BulkBody): Promise<readonly ItemOutcome[]>
}

/** If the server rejects this many records one by one and accepts none, the fault is not in the records. */
const maxUnreadable = 10

/**
 * Sends bulk requests, each pulled from `bodies` only when it can be sent. After the first failure, sends no
 * more, and waits for the outcome of the requests in progress. Halves a request that the server rejects until
 * the faulty record is alone. Throws a `SinkFault` or a `RefusedRequest` for a problem that a person must
 * fix.
 */
export async function sendBulkRequests(
  bodies: AsyncGenerator<BulkBody>,
  { concurrency, send }: BulkSending,
): Promise<BulkResult> {
  const settled = new Set<number>()
  const refused: Refusal[] = []
  let problem: unknown
  let notWritten: Error | undefined
  /** A problem that a person must fix. */
  let fault: SinkFault | RefusedRequest | undefined
  let tooLargeBytes: number | undefined
  let isIndexGone = false
  let unreadable = 0

  const apply = (index: number, outcome: ItemOutcome) => {
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
        // Does not stop further requests, because other records in this request may have been written.
        notWritten ??= outcome.cause
        return
    }
  }

  /** Stops sending further requests. */
  const stopFor = (error: unknown) => {
    const isFault =
      error instanceof SinkFault || (error instanceof RefusedRequest && !isTransient(error.status))
    if (isFault) fault ??= error
    else problem ??= error
  }

  const isStopped = () => problem !== undefined || fault !== undefined || isIndexGone

  const refuseAlone = (index: number, error: RefusedRequest) => {
    if (error.status === 413)
      return apply(index, { kind: 'refused', reason: 'it is larger than the server accepts' })
    unreadable += 1
    apply(index, { kind: 'refused', reason: 'Elasticsearch rejects every request that contains it' })
    if (unreadable === maxUnreadable && settled.size === unreadable) stopFor(error)
  }

  const deliver = async (body: BulkBody): Promise<void> => {
    try {
      const outcomes = await send(body)
      for (const [at, outcome] of outcomes.entries()) apply(body.indexes[at] as number, outcome)
    } catch (error) {
      if (!(error instanceof RefusedRequest && isContentRefusal(error.status))) return stopFor(error)
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
  return { settled, refused, problem: problem ?? notWritten, tooLargeBytes, isIndexGone }
}

/** Returns whether the server rejected the body because it is too large or cannot be parsed. */
function isContentRefusal(status: number): boolean {
  return status === 413 || status === 400
}
