import { wholeMs } from '@cdrstream/core'
import type { Clock, SubjectState } from '@cdrstream/engine'
import type { ReportedState, SqliteJournal } from '@cdrstream/journal-sqlite'
import type { Logger } from '@cdrstream/plugin'
import { SpeedSamples } from './speed-samples.ts'
import { type StateBoard, subjectId } from './state-board.ts'

/** The minimum time between two writes of states. */
const shortestMs = 1_000
/** How often the journal is updated without changes, to show that the collector is alive. */
export const reportEveryMs = 10_000

export interface ReportMeans {
  readonly journal: Pick<SqliteJournal, 'noteStates'>
  readonly clock: Clock
  readonly log: Logger
  /** Returns how much is left to catch up; undefined if unknown. */
  readonly amountLeft: (state: SubjectState) => Promise<number | undefined>
}

/**
 * Stores the board's states in the journal until the signal is aborted: immediately after a quiet period,
 * then at most once per second. Retries if the journal fails. Collection does not depend on it.
 */
export async function reportStates(
  board: StateBoard,
  means: ReportMeans,
  ending: AbortSignal,
): Promise<void> {
  const { clock } = means
  const reporter = new StateReporter(board, means)
  while (!ending.aborted) {
    await reporter.report()
    await clock.sleep(shortestMs, ending)
    await clock.sleep(reportEveryMs - shortestMs, AbortSignal.any([ending, board.change()]))
  }
  await reporter.report()
}

class StateReporter {
  readonly #board: StateBoard
  readonly #means: ReportMeans
  readonly #samples = new SpeedSamples()
  /** Whether the next report replaces all stored states, as the first one replaces an earlier collector's. */
  #replacesAll = true
  #isFailing = false

  constructor(board: StateBoard, means: ReportMeans) {
    this.#board = board
    this.#means = means
  }

  async report(): Promise<void> {
    const { journal, clock, log } = this.#means
    if (this.#board.takeForgotten()) this.#replacesAll = true
    const changed = this.#board.takeChanged()
    try {
      const states = await this.#withAmounts(changed)
      await journal.noteStates(states, wholeMs(clock.nowMs()), { all: this.#replacesAll })
      this.#replacesAll = false
      this.#isFailing = false
    } catch (cause) {
      this.#board.putBack(changed)
      if (!this.#isFailing) {
        const message = 'cannot store the states of orgs and sinks; `status` shows older ones'
        log.warn(message, { code: 'states-not-stored', cause: String(cause) })
      }
      this.#isFailing = true
    }
  }

  /** Returns the states that have changed, and those that are catching up, whose amounts keep changing. */
  async #withAmounts(changed: readonly SubjectState[]): Promise<readonly ReportedState[]> {
    const { amountLeft, clock } = this.#means
    const states: ReportedState[] = []
    for (const state of this.#board.states) {
      const id = subjectId(state)
      if (state.state === 'catching-up') {
        const amount = await amountLeft(state)
        const atMs = clock.nowMs()
        const leftBefore = amount === undefined ? null : this.#samples.note(id, { atMs, amount })
        states.push({ ...state, leftBefore })
      } else {
        this.#samples.forget(id)
        if (changed.includes(state)) states.push({ ...state, leftBefore: null })
      }
    }
    return states
  }
}
