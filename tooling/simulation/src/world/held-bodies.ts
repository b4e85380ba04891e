import type { Source } from '@cdrstream/engine'

/** Counts the pages whose bodies the engine holds in memory at once. */
export class HeldBodies {
  #held = new Set<object>()
  max = 0

  /** Forgets the bodies of the previous process. */
  reset(): void {
    this.#held = new Set()
  }

  /**
   * Wraps a source to count its pages. Responses are not counted once `isOver`, because the process was
   * killed.
   */
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
            this.max = Math.max(this.max, held.size)
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
