import type { EngineActivity, EngineLoop } from '@cdrstream/engine'

/** Whether the process and its loops are alive. */
export interface Health {
  readonly status: 'ok' | 'stuck'
  /** The loops that are stuck, at most 100 of them. */
  readonly loops: readonly StuckLoop[]
}

interface StuckLoop extends EngineLoop {
  /** For how long the loop should have moved. */
  readonly overdueSeconds: number
}

const mostNamed = 100

/** Notes when each loop has to move again. A loop that waits for something on purpose is not stuck. */
export class LoopBoard implements Pick<EngineActivity, 'loopMoved' | 'loopEnded'> {
  readonly #nowMs: () => number
  readonly #loops = new Map<string, { readonly loop: EngineLoop; readonly dueMs: number }>()

  /** `nowMs`: the clock of the engine. */
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
