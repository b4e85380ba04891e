import type { Refusal } from '@cdrstream/plugin'
import { isPassing } from '../classify-error.ts'
import { RefusedRequest } from '../server/refused-request.ts'
import { SinkFault } from '../sink-fault.ts'
import { type BulkBody, halveBulkRequest } from './build-bulk-request.ts'
import type { ItemOutcome } from './read-bulk-response.ts'

/** What became of the records that were sent: every one that is not in `settled` has to come again. */
export interface BulkResult {
  /** By index in the batch. */
  readonly settled: ReadonlySet<number>
  readonly refused: readonly Refusal[]
  /** Why a request as a whole did not succeed, if one did not. */
  readonly trouble: unknown
  /** The bytes of the smallest request that the server found too large; undefined if it found none so. */
  readonly tooLargeBytes: number | undefined
}

export interface BulkSending {
  /** How many requests are under way at once. */
  readonly concurrency: number
  /** Sends one, and resolves to the outcome of each of its records. */
  send(body: BulkBody): Promise<readonly ItemOutcome[]>
}

/**
 * Sends bulk requests, each built when there is room for it. After the first trouble no more are begun; those under way are waited for, so
 * that what they wrote is known. Throws what needs a person, and what is nobody's fault but ours.
 */
export async function sendBulkRequests(
  bodies: AsyncGenerator<BulkBody>,
  { concurrency, send }: BulkSending,
): Promise<BulkResult> {
  const settled = new Set<number>()
  const refused: Refusal[] = []
  let trouble: unknown
  let fault: SinkFault | undefined
  let tooLargeBytes: number | undefined

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
      case 'again':
        return
    }
  }

  /** Nothing more is begun after it. */
  const stopFor = (error: unknown) => {
    if (error instanceof SinkFault) fault ??= error
    else if (error instanceof RefusedRequest && !isPassing(error.status)) throw error
    else trouble ??= error
  }

  const deliver = async (body: BulkBody): Promise<void> => {
    try {
      const outcomes = await send(body)
      for (const [at, outcome] of outcomes.entries()) take(body.indexes[at] as number, outcome)
    } catch (error) {
      if (!(error instanceof RefusedRequest && error.status === 413)) return stopFor(error)
      if (body.indexes.length === 1) {
        const reason = 'it is larger than the server takes'
        return take(body.indexes[0] as number, { kind: 'refused', reason })
      }
      tooLargeBytes = Math.min(tooLargeBytes ?? body.bytes.length, body.bytes.length)
      for (const half of halveBulkRequest(body)) await deliver(half)
    }
  }

  const work = async (): Promise<void> => {
    while (trouble === undefined && fault === undefined) {
      const { done, value } = await bodies.next()
      if (done) return
      await deliver(value)
    }
  }
  const ends = await Promise.allSettled(Array.from({ length: concurrency }, () => work().catch(stopFor)))
  if (fault !== undefined) throw fault
  const broken = ends.find(({ status }) => status === 'rejected')
  if (broken?.status === 'rejected') throw broken.reason
  return { settled, refused, trouble, tooLargeBytes }
}
