import type { Source } from '@cdrstream/engine'

/** Counts the pages whose bodies the engine holds in memory at once. */
export class HeldBodies {
  #held = new Set<object>()
  most = 0

  /** A process starts: what the one before held is gone. */
  reset(): void {
    this.#held = new Set()
  }

  /** `isOver`: the process was killed, and what is answered to it is held by nobody. */
  counted(source: Source, isOver: () => boolean): Source {
    const held = this.#held
    return {
      prepare: async (signal) => {
        const prepared = await source.prepare(signal)
        if (prepared.kind !== 'ready') return prepared
        return {
          kind: 'ready',
          send: async (request, read, signal, permit) => {
            const answer = await prepared.send(request, read, signal, permit)
            if (answer.kind !== 'page' || isOver()) return answer
            const body = {}
            held.add(body)
            this.most = Math.max(this.most, held.size)
            const release = () => {
              held.delete(body)
              answer.release?.()
            }
            return { ...answer, release }
          },
        }
      },
    }
  }
}
