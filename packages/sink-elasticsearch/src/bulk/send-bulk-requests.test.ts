import { SinkFault } from '@cdrstream/sink-kit'
import { describe, expect, test } from 'vitest'
import { RefusedRequest } from '../server/refused-request.ts'
import type { BulkBody } from './build-bulk-request.ts'
import type { ItemOutcome } from './read-bulk-response.ts'
import { sendBulkRequests } from './send-bulk-requests.ts'

/** Returns a body with one byte for each record. */
const body = (...indexes: readonly number[]): BulkBody => ({
  bytes: Buffer.from(indexes),
  indexes,
  ends: indexes.map((_, at) => at + 1),
})

async function* each(...bodies: readonly BulkBody[]) {
  yield* bodies
}

const busy = new Error('busy')
const written: ItemOutcome = { kind: 'written' }
const allWritten = async ({ indexes }: BulkBody) => indexes.map(() => written)

describe('bulk requests', () => {
  test('are sent in parallel, up to `concurrency`', async () => {
    let active = 0
    let max = 0
    await sendBulkRequests(each(...Array.from({ length: 10 }, (_, index) => body(index))), {
      concurrency: 3,
      async send({ indexes }) {
        active += 1
        max = Math.max(max, active)
        await new Promise(setImmediate)
        active -= 1
        return indexes.map(() => written)
      },
    })
    expect(max).toBe(3)
  })

  test('that fail for some records keep the outcomes of the others', async () => {
    const { settled, refused, problem } = await sendBulkRequests(each(body(0, 1, 2, 3)), {
      concurrency: 2,
      send: async () => [written, { kind: 'refused', reason: 'r' }, { kind: 'again', cause: busy }, written],
    })
    expect([...settled]).toEqual([0, 1, 3])
    expect(refused).toEqual([{ index: 1, reason: 'r' }])
    expect(problem).toBe(busy)
  })

  test('that get no response have their records sent again, and records in other requests count as written', async () => {
    const { settled, problem } = await sendBulkRequests(each(body(0, 1), body(2, 3), body(4), body(5)), {
      concurrency: 2,
      send: (sent) => (sent.indexes.includes(2) ? Promise.reject(new Error('reset')) : allWritten(sent)),
    })
    expect(settled.has(0) && settled.has(1)).toBe(true)
    expect(settled.has(2) || settled.has(3)).toBe(false)
    expect(problem).toBeInstanceOf(Error)
  })

  test('stop after one gets no response', async () => {
    const sent: BulkBody[] = []
    await sendBulkRequests(each(body(0), body(1), body(2)), {
      concurrency: 1,
      send: (one) => Promise.reject(sent.push(one)),
    })
    expect(sent.length).toBe(1)
  })

  test('that are too large are halved until the large record is alone and is refused', async () => {
    const result = await sendBulkRequests(each(body(0, 1, 2, 3, 4, 5, 6, 7)), {
      concurrency: 2,
      send: (sent) =>
        sent.indexes.includes(6) || sent.bytes.length > 4
          ? Promise.reject(new RefusedRequest(413, { type: '' }))
          : allWritten(sent),
    })
    expect([...result.settled].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    expect(result.refused).toEqual([{ index: 6, reason: expect.any(String) }])
    expect(result.tooLargeBytes).toBe(2)
  })

  test('that the server cannot parse are halved until the faulty record is alone and is refused', async () => {
    const { settled, refused } = await sendBulkRequests(each(body(0, 1, 2, 3, 4), body(5, 6)), {
      concurrency: 1,
      send: (sent) =>
        sent.indexes.some((index) => index === 0 || index === 5)
          ? Promise.reject(new RefusedRequest(400, { type: 'x_content_parse_exception' }))
          : allWritten(sent),
    })
    expect([...settled].sort()).toEqual([0, 1, 2, 3, 4, 5, 6])
    expect(refused.map(({ index }) => index)).toEqual([0, 5])
  })

  test('that the server always rejects cause an error instead of refusing all records', async () => {
    let sent = 0
    const sending = sendBulkRequests(each(body(...Array(10_000).keys())), {
      concurrency: 2,
      send: () => {
        sent += 1
        return Promise.reject(new RefusedRequest(400, { type: 'illegal_argument_exception' }))
      },
    })
    await expect(sending).rejects.toMatchObject({ status: 400 })
    expect(sent).toBeLessThan(50)
  })

  test('report that an index is gone, and stop', async () => {
    const sent: BulkBody[] = []
    const { isIndexGone, settled } = await sendBulkRequests(each(body(0, 1), body(2)), {
      concurrency: 1,
      async send(one) {
        sent.push(one)
        return [written, { kind: 'index-gone' }]
      },
    })
    expect(isIndexGone).toBe(true)
    expect([...settled]).toEqual([0])
    expect(sent.length).toBe(1)
  })

  test('throw a fault only after all requests in progress have completed', async () => {
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
