import type { BlockRow } from '../tables/block-table.ts'
import type { DecodedBlock } from './decode-block.ts'

/**
 * The blocks that were read or kept last: sinks at nearly the same place decode each block once, together.
 */
export interface BlockCache {
  get(row: BlockRow): Promise<DecodedBlock> | undefined
  add(row: BlockRow, block: Promise<DecodedBlock>): Promise<DecodedBlock>
}

const mostBlocks = 4
const mostBytes = 32_000_000

export function blockCache(): BlockCache {
  // In the order of use, the oldest first.
  const blocks = new Map<number, { readonly bytes: number; readonly block: Promise<DecodedBlock> }>()

  function makeRoom(): void {
    let bytes = 0
    let count = 0
    for (const [lastOffset, entry] of [...blocks].reverse()) {
      bytes += entry.bytes
      count += 1
      // The newest stays, however large: it is being read.
      if (count > 1 && (count > mostBlocks || bytes > mostBytes)) blocks.delete(lastOffset)
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
  }
}
