import { expect, test } from 'vitest'
import type { BlockRow } from '../tables/block-table.ts'
import { blockCache } from './block-cache.ts'
import type { DecodedBlock } from './decode-block.ts'

function row(lastOffset: number, decodedBytes = 1): BlockRow {
  return {
    firstOffset: 1,
    lastOffset,
    org: 'acme',
    commit: 'c',
    acceptedAtMs: 0,
    decodedBytes,
    payloadBytes: 1,
  }
}

function block(of: BlockRow): Promise<DecodedBlock> {
  const columns = { key: [], rank: [], home: [], acceptedAtMs: [], source: [], textBytes: [] }
  return Promise.resolve({ row: of, columns, textOf: () => '', contentOf: () => undefined })
}

test('the most recently used blocks stay in the cache', () => {
  const cache = blockCache()
  const rows = [1, 2, 3, 4, 5].map((offset) => row(offset))
  for (const added of rows) {
    cache.add(added, block(added))
    // // Used in every round, so it must never be evicted.
    expect(cache.get(row(1))).toBeDefined()
  }
  expect(rows.map((each) => cache.get(each) !== undefined)).toEqual([true, false, true, true, true])
})

test('large blocks evict each other, but the newest block stays regardless of its size', async () => {
  const cache = blockCache()
  for (const large of [row(1, 20_000_000), row(2, 20_000_000), row(3, 1e9)]) cache.add(large, block(large))
  expect([1, 2, 3].map((offset) => cache.get(row(offset)) !== undefined)).toEqual([false, false, true])
})

test('a block that could not be decoded is removed, so that the next read tries again', async () => {
  const cache = blockCache()
  await expect(cache.add(row(1), Promise.reject(new Error('broken')))).rejects.toThrow()
  expect(cache.get(row(1))).toBeUndefined()
})
