import { describe, expect, test } from 'vitest'
import { RefusedRequest } from '../server/refused-request.ts'
import { SinkFault } from '../sink-fault.ts'
import type { BulkBody } from './build-bulk-request.ts'
import type { ItemOutcome } from './read-bulk-response.ts'
import { sendBulkRequests } from './send-bulk-requests.ts'

/** A body whose bytes are one for each record. */
const body = (...indexes: readonly number[]): BulkBody => ({
  bytes: Buffer.from(indexes),
  indexes,
  ends: indexes.map((_, at) => at + 1),
})

async function* each(...bodies: readonly BulkBody[]) {
  yield* bodies
}

const written: ItemOutcome = { kind: 'written' }
const allWritten = async ({ indexes }: BulkBody) => indexes.map(() => written)

describe('bulk requests', () => {
  test('are under way so many at once, and no more', async () => {
    let underWay = 0
    let most = 0
    await sendBulkRequests(each(...Array.from({ length: 10 }, (_, index) => body(index))), {
      concurrency: 3,
      async send({ indexes }) {
        underWay += 1
        most = Math.max(most, underWay)
        await new Promise(setImmediate)
        underWay -= 1
        return indexes.map(() => written)
      },
    })
    expect(most).toBe(3)
  })

  test('that fail in part keep the outcome of the others', async () => {
    const { settled, refused, trouble } = await sendBulkRequests(each(body(0, 1, 2, 3)), {
      concurrency: 2,
      send: async () => [written, { kind: 'refused', reason: 'r' }, { kind: 'again' }, written],
    })
    expect([...settled]).toEqual([0, 1, 3])
    expect(refused).toEqual([{ index: 1, reason: 'r' }])
    expect(trouble).toBeUndefined()
  })

  test('that get no answer leave their records to come again, and what the others wrote counts', async () => {
    const { settled, trouble } = await sendBulkRequests(each(body(0, 1), body(2, 3), body(4), body(5)), {
      concurrency: 2,
      send: (sent) => (sent.indexes.includes(2) ? Promise.reject(new Error('reset')) : allWritten(sent)),
    })
    expect(settled.has(0) && settled.has(1)).toBe(true)
    expect(settled.has(2) || settled.has(3)).toBe(false)
    expect(trouble).toBeInstanceOf(Error)
  })

  test('are not begun any more once one got no answer', async () => {
    const sent: BulkBody[] = []
    await sendBulkRequests(each(body(0), body(1), body(2)), {
      concurrency: 1,
      send: (one) => Promise.reject(sent.push(one)),
    })
    expect(sent.length).toBe(1)
  })

  test('that are too large are halved, down to the record that is too large by itself', async () => {
    const result = await sendBulkRequests(each(body(0, 1, 2, 3, 4, 5, 6, 7)), {
      concurrency: 2,
      send: (sent) =>
        sent.indexes.includes(6) || sent.bytes.length > 4
          ? Promise.reject(new RefusedRequest(413, ''))
          : allWritten(sent),
    })
    expect([...result.settled].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    expect(result.refused).toEqual([{ index: 6, reason: expect.any(String) }])
    expect(result.tooLargeBytes).toBe(2)
  })

  test('throw what needs a person, when all that is under way has ended', async () => {
    const ended: number[] = []
    const sending = sendBulkRequests(each(body(0), body(1)), {
      concurrency: 2,
      async send({ indexes }) {
        if (indexes[0] === 0) throw new SinkFault('forbidden', 'grant it')
        await new Promise(setImmediate)
        ended.push(1)
        return [written]
      },
    })
    await expect(sending).rejects.toMatchObject({ code: 'forbidden' })
    expect(ended).toEqual([1])
  })
})
