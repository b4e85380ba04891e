/** What runs under a name. */
interface Named {
  readonly name: string
}

/** How a loop has ended, with its name. */
export type NamedEnd<End> = readonly [name: string, end: End]

interface Loop<Setup, End> {
  readonly setup: Setup
  readonly leaving: AbortController
  readonly ended: Promise<NamedEnd<End>>
}

/** Which loops have to end, and which have to start. A loop that changes does both. */
export interface SetupDifference<Setup> {
  readonly stopped: readonly string[]
  readonly started: readonly Setup[]
}

/** Returns how to get from one list to the other. Only the same object counts as unchanged. */
export function setupDifference<Setup extends Named>(
  running: readonly Setup[],
  wanted: readonly Setup[],
): SetupDifference<Setup> {
  return {
    stopped: running.filter((setup) => !wanted.includes(setup)).map(({ name }) => name),
    started: wanted.filter((setup) => !running.includes(setup)),
  }
}

/** The loops of all orgs or of all sinks, each of which can be started and stopped alone. */
export class LoopSet<Setup extends Named, End> {
  readonly #run: (setup: Setup, leaving: AbortSignal) => Promise<NamedEnd<End>>
  readonly #loops = new Map<string, Loop<Setup, End>>()
  #version = 0

  /** `run` runs a loop until the engine ends, or until `leaving` is aborted: then only this loop ends. */
  constructor(run: (setup: Setup, leaving: AbortSignal) => Promise<NamedEnd<End>>) {
    this.#run = run
  }

  /** A number that changes with each loop that starts or is removed. */
  get version(): number {
    return this.#version
  }

  get setups(): readonly Setup[] {
    return [...this.#loops.values()].map(({ setup }) => setup)
  }

  start(setup: Setup): void {
    const leaving = new AbortController()
    this.#loops.set(setup.name, { setup, leaving, ended: this.#run(setup, leaving.signal) })
    this.#version += 1
  }

  /** Stops these loops and removes them once they have ended. */
  async stop(names: readonly string[]): Promise<void> {
    const loops = names.flatMap((name) => this.#loops.get(name) ?? [])
    for (const { leaving } of loops) leaving.abort()
    await Promise.all(
      loops.map(async ({ ended }) => {
        const [name] = await ended
        this.#loops.delete(name)
        this.#version += 1
      }),
    )
  }

  /** Resolves to how each loop has ended, once all have. */
  ended(): Promise<readonly NamedEnd<End>[]> {
    return Promise.all([...this.#loops.values()].map(({ ended }) => ended))
  }
}
