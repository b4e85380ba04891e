import { coverageFrontierSec, type Progress, spansAtLevel } from '@cdrstream/core'
import type { Mark } from '@cdrstream/plugin'

/**
 * How far each org was complete, and where the journal ended then: once a sink has everything up to that place, it may tell its
 * readers.
 */
export class MarkBoard {
  readonly #marks = new Map<string, { readonly mark: Mark; readonly offset: number }>()

  post(org: string, progress: Progress, offset: number): void {
    const gaps = spansAtLevel(progress.coverage, 'gap').map(({ fromSec, toSec }) => ({
      fromMs: fromSec * 1_000,
      toMs: toSec * 1_000,
    }))
    const completeThroughMs = coverageFrontierSec(progress.coverage, progress.originSec) * 1_000
    this.#marks.set(org, { mark: { org, completeThroughMs, gaps }, offset })
  }

  /** The marks that hold for a sink that has everything up to this offset. */
  reachedBy(offset: number): readonly Mark[] {
    return [...this.#marks.values()].filter((posted) => posted.offset <= offset).map(({ mark }) => mark)
  }
}
