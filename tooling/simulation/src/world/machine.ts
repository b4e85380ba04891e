import type { VirtualTime } from '@cdrstream-internal/virtual-time'
import type { Break, ClockPlan } from '../plan/plan.ts'
import type { SituationBook } from '../situations.ts'

const hourMs = 3_600_000

/** The machine that the processes run on, with its boot time and its clock, which may be wrong. */
export class Machine {
  readonly #time: VirtualTime
  readonly #driftPpm: number
  #aheadMs: number
  #boots = 1
  #bootedMs: number

  constructor(time: VirtualTime, { aheadMs, driftPpm }: ClockPlan) {
    this.#time = time
    this.#aheadMs = aheadMs
    this.#driftPpm = driftPpm
    this.#bootedMs = time.nowMs - hourMs
  }

  /** The clock of a process that starts now. */
  get clock(): ClockPlan {
    return { aheadMs: this.#aheadMs, driftPpm: this.#driftPpm }
  }

  nowMs(): number {
    return this.#time.nowMs + this.#aheadMs
  }

  /**
   * Returns the boot as the system reports it. The system computes its time as the current time minus the
   * uptime, which drifts like the clock.
   */
  boot(): { readonly id: string; readonly atMs: number } {
    const upMs = (this.#time.nowMs - this.#bootedMs) * (1 + this.#driftPpm / 1e6)
    return { id: String(this.#boots), atMs: Math.round(this.nowMs() - upMs) }
  }

  /** Changes the clock or reboots the machine between two processes. */
  change({ aheadMs, reboots }: Pick<Break, 'aheadMs' | 'reboots'>, situations: SituationBook): void {
    if (aheadMs !== undefined) {
      situations.happened(aheadMs < this.#aheadMs ? 'clock-set-back' : 'clock-set-forward')
      this.#aheadMs = aheadMs
    }
    if (reboots) {
      situations.happened('machine-booted')
      this.#boots += 1
      this.#bootedMs = this.#time.nowMs
    }
  }
}
