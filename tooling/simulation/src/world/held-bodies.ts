import type { Source } from '@cdrstream/engine'

interface HeldBody {
  release?(): void
}

/** Counts the pages whose bodies the engine holds in memory at once. */
export class HeldBodies {
  readonly #bySource = new Map<object, HeldBody[]>()
  most = 0

  /** Those of a killed process are gone. */
  reset(): void {
    this.#bySource.clear()
  }

  counted(source: Source): Source {
    const held: HeldBody[] = []
    this.#bySource.set(source, held)
    return {
      ...(source.prepare && { prepare: (signal) => source.prepare?.(signal) ?? Promise.resolve(undefined) }),
      ask: async (request, read, signal) => {
        // The page before may still be on its way into the journal. An older one was dropped without a word.
        held.splice(0, held.length - 1)
        const answer = await source.ask(request, read, signal)
        if (answer.kind !== 'page') return answer
        const body: HeldBody = {}
        held.push(body)
        this.most = Math.max(this.most, this.#count())
        const release = () => {
          if (held.includes(body)) held.splice(held.indexOf(body), 1)
          answer.release?.()
        }
        return { ...answer, release }
      },
    }
  }

  #count(): number {
    return [...this.#bySource.values()].reduce((sum, held) => sum + held.length, 0)
  }
}
