import type { BlockRow } from '../tables/block-table.ts'
import type { DecodedBlock } from './decode-block.ts'

/** A cache of recently used blocks, so that sinks at nearly the same position decode each block only once. */
export interface BlockCache {
  get(row: BlockRow): Promise<DecodedBlock> | undefined
  add(row: BlockRow, block: Promise<DecodedBlock>): Promise<DecodedBlock>
  clear(): void
}

const maxBlocks = 4
const maxBytes = 32_000_000

export function blockCache(): BlockCache {
  // In order of use, least recently used first: a Map keeps insertion order.
  const blocks = new Map<number, { readonly bytes: number; readonly block: Promise<DecodedBlock> }>()

  function makeRoom(): void {
    let bytes = 0
    let count = 0
    for (const [lastOffset, entry] of [...blocks].reverse()) {
      bytes += entry.bytes
      count += 1
      // The newest block stays regardless of its size, because it is being read.
      if (count > 1 && (count > maxBlocks || bytes > maxBytes)) blocks.delete(lastOffset)
    }
  }

  return {
    get({ lastOffset }) {
      const entry = blocks.get(lastOffset)
      if (entry === undefined) return undefined
      blocks.delete(lastOffset)
      blocks.set(lastOffset, entry)
      return entry.block
    },
    add({ lastOffset, decodedBytes }, block) {
      blocks.set(lastOffset, { bytes: decodedBytes, block })
      makeRoom()
      block.catch(() => blocks.delete(lastOffset))
      return block
    },
    clear: () => blocks.clear(),
  }
}
