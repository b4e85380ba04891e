import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

export interface MemoryGrowth {
  /** What is still wanted at the end, beyond what was at the first look. */
  readonly growthBytes: number
  /** What the process took at most at a look, beyond what it had at the first one. */
  readonly peakGrowthBytes: number
}

/** Watches the memory of this process from the first look on. */
export class MemoryWatch {
  #first: { readonly heldBytes: number; readonly residentBytes: number } | undefined
  #looks = 0
  #peakBytes = 0

  async look(): Promise<void> {
    const { rss } = process.memoryUsage()
    this.#first ??= { heldBytes: await heldBytes(), residentBytes: rss }
    this.#looks += 1
    this.#peakBytes = Math.max(this.#peakBytes, rss)
  }

  async end(): Promise<MemoryGrowth> {
    // After one look alone nothing can have grown.
    if (this.#first === undefined || this.#looks === 1) return { growthBytes: 0, peakGrowthBytes: 0 }
    return {
      growthBytes: (await heldBytes()) - this.#first.heldBytes,
      peakGrowthBytes: this.#peakBytes - this.#first.residentBytes,
    }
  }
}

/** Bytes of the heap and of buffers that are still wanted. What zlib holds it gives back when it likes. */
async function heldBytes(): Promise<number> {
  setFlagsFromString('--expose-gc')
  const collectGarbage: () => void = runInNewContext('gc')
  // What the last cases left to the event loop ends first, and what is only wanted by what is not wanted goes
  // a round later.
  for (let round = 0; round < 5; round += 1) {
    for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    collectGarbage()
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}
