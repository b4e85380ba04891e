import type { Mark } from '@cdrstream/plugin'

/** The shortest time between two publications. With many orgs, commits come several times a second. */
const everyMs = 1_000

/** The marks that a sink has published, so that it receives only changed marks. */
export class PublishedMarks {
  readonly #published = new Map<string, string>()
  #version = -1
  #atMs = Number.NEGATIVE_INFINITY

  /** Returns whether it is time to look for new marks. `version` is the version of the mark board. */
  isDue(version: number, nowMs: number, draining: boolean): boolean {
    return version !== this.#version && (draining || nowMs >= this.#atMs + everyMs)
  }

  changed(marks: readonly Mark[]): readonly Mark[] {
    return marks.filter((mark) => this.#published.get(mark.org) !== JSON.stringify(mark))
  }

  done(marks: readonly Mark[], version: number, nowMs: number): void {
    for (const mark of marks) this.#published.set(mark.org, JSON.stringify(mark))
    this.#version = version
    this.#atMs = nowMs
  }
}
