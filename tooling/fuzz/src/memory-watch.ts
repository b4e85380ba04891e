import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

export interface MemoryGrowth {
  /** How much more memory is in use at the end than at the first sample. */
  readonly growthBytes: number
  /** How much larger the largest resident set of any sample is than the first sample's. */
  readonly peakGrowthBytes: number
}

/** Measures how the memory of this process grows after the first sample. */
export class MemoryWatch {
  #first: { readonly heldBytes: number; readonly residentBytes: number } | undefined
  #samples = 0
  #peakBytes = 0

  async sample(): Promise<void> {
    const { rss } = process.memoryUsage()
    this.#first ??= { heldBytes: await heldBytes(), residentBytes: rss }
    this.#samples += 1
    this.#peakBytes = Math.max(this.#peakBytes, rss)
  }

  async end(): Promise<MemoryGrowth> {
    // A single sample shows no growth.
    if (this.#first === undefined || this.#samples === 1) return { growthBytes: 0, peakGrowthBytes: 0 }
    return {
      growthBytes: (await heldBytes()) - this.#first.heldBytes,
      peakGrowthBytes: this.#peakBytes - this.#first.residentBytes,
    }
  }
}

/**
 * Returns how many bytes of heap and buffers are in use. Excludes zlib memory, which zlib can free at any
 * time.
 */
async function heldBytes(): Promise<number> {
  setFlagsFromString('--expose-gc')
  const collectGarbage: () => void = runInNewContext('gc')
  // The event loop first finishes the work that the last cases left. Some objects become unreachable only
  // after others are collected.
  for (let round = 0; round < 5; round += 1) {
    for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    collectGarbage()
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}
