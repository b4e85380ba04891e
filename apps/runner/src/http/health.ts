import type { EngineActivity, EngineLoop } from '@cdrstream/engine'

/** Reports whether the process and its loops are alive. */
export interface Health {
  readonly status: 'ok' | 'stuck'
  /** The stuck loops, at most 100. */
  readonly loops: readonly StuckLoop[]
}

interface StuckLoop extends EngineLoop {
  /** How long the loop has been overdue. */
  readonly overdueSeconds: number
}

const mostNamed = 100

/** Tracks when each loop is due to move. A loop that is waiting on purpose is not stuck. */
export class LoopBoard implements Pick<EngineActivity, 'loopMoved' | 'loopEnded'> {
  readonly #nowMs: () => number
  readonly #loops = new Map<string, { readonly loop: EngineLoop; readonly dueMs: number }>()

  /** `nowMs`: the engine's clock. */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs
  }

  loopMoved(loop: EngineLoop, dueMs: number): void {
    this.#loops.set(keyOf(loop), { loop, dueMs })
  }

  loopEnded(loop: EngineLoop): void {
    this.#loops.delete(keyOf(loop))
  }

  health(): Health {
    const nowMs = this.#nowMs()
    const stuck = [...this.#loops.values()].filter(({ dueMs }) => dueMs < nowMs)
    return {
      status: stuck.length === 0 ? 'ok' : 'stuck',
      loops: stuck.slice(0, mostNamed).map(({ loop: { subject, name }, dueMs }) => ({
        subject,
        name,
        overdueSeconds: Math.round((nowMs - dueMs) / 1_000),
      })),
    }
  }
}

function keyOf({ subject, name }: EngineLoop): string {
  return `${subject} ${name}`
}
