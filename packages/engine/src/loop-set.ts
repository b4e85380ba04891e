interface Named {
  readonly name: string
}

/** A loop's name and how the loop ended. */
export type NamedEnd<End> = readonly [name: string, end: End]

interface Loop<Setup, End> {
  readonly setup: Setup
  readonly leaving: AbortController
  readonly ended: Promise<NamedEnd<End>>
}

/** The loops to stop and to start. A changed loop is in both lists. */
export interface SetupDifference<Setup> {
  readonly stopped: readonly string[]
  readonly started: readonly Setup[]
}

/** Returns the loops to stop and to start. A setup is unchanged only if it is the same object. */
export function setupDifference<Setup extends Named>(
  running: readonly Setup[],
  wanted: readonly Setup[],
): SetupDifference<Setup> {
  return {
    stopped: running.filter((setup) => !wanted.includes(setup)).map(({ name }) => name),
    started: wanted.filter((setup) => !running.includes(setup)),
  }
}

/** The loops of all orgs or all sinks. Each loop can be started and stopped separately. */
export class LoopSet<Setup extends Named, End> {
  readonly #run: (setup: Setup, leaving: AbortSignal) => Promise<NamedEnd<End>>
  readonly #loops = new Map<string, Loop<Setup, End>>()
  #version = 0

  /** `run` runs a loop until the engine stops, or until `leaving` is aborted to end only this loop. */
  constructor(run: (setup: Setup, leaving: AbortSignal) => Promise<NamedEnd<End>>) {
    this.#run = run
  }

  /** Changes whenever a loop is started or removed. */
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

  /** Resolves when all loops have ended. */
  ended(): Promise<readonly NamedEnd<End>[]> {
    return Promise.all([...this.#loops.values()].map(({ ended }) => ended))
  }
}
