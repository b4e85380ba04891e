import type { Clock, EngineObserver, SubjectState } from './ports/index.ts'

/** What one part of an org or a sink contributes to its state. */
export interface PartState {
  readonly state: Exclude<SubjectState['state'], 'ok'>
  readonly code?: string
  /** Undefined keeps the cause if the code is unchanged, because events between attempts carry no cause. */
  readonly cause?: string | undefined
  readonly remedy?: string | undefined
  readonly nextTryMs?: number | undefined
}

type Known = Omit<SubjectState, 'subject' | 'name' | 'sinceMs'>

const fine: Known = { state: 'ok', code: null, cause: null, remedy: null, nextTryMs: null }

/**
 * Combines the parts of an org or a sink, such as its connection and its journal, into one state, and reports
 * each change. The first part in `parts` that is not fine determines the state.
 */
export class SubjectWatch<Part extends string> {
  readonly #observer: EngineObserver | undefined
  readonly #subject: Pick<SubjectState, 'subject' | 'name'>
  readonly #clock: Clock
  readonly #order: readonly Part[]
  readonly #parts = new Map<Part, Known>()
  #reported: SubjectState | undefined

  constructor(
    observer: EngineObserver | undefined,
    subject: Pick<SubjectState, 'subject' | 'name'>,
    clock: Clock,
    parts: readonly Part[],
  ) {
    this.#observer = observer
    this.#subject = subject
    this.#clock = clock
    this.#order = parts
  }

  /** Notes the state of one part; null if it is fine. */
  note(part: Part, state: PartState | null): void {
    if (this.#observer === undefined) return
    if (state === null) {
      if (!this.#parts.delete(part) && this.#reported !== undefined) return
    } else {
      this.#parts.set(part, completed(state, this.#parts.get(part)))
    }
    this.#report(this.#observer)
  }

  /** Notes when a part's next attempt is due, if the part is not fine. */
  nextTry(part: Part, nextTryMs: number): void {
    const known = this.#parts.get(part)
    if (this.#observer === undefined || known === undefined || !Number.isFinite(nextTryMs)) return
    this.#parts.set(part, { ...known, nextTryMs })
    this.#report(this.#observer)
  }

  #report(observer: EngineObserver): void {
    const deciding = this.#order.find((part) => this.#parts.has(part))
    const known = (deciding === undefined ? undefined : this.#parts.get(deciding)) ?? fine
    const before = this.#reported
    if (before !== undefined && isSame(known, before)) return
    const lasts = before?.state === known.state && before.code === known.code
    const sinceMs = lasts ? before.sinceMs : this.#clock.nowMs()
    this.#reported = { ...this.#subject, ...known, sinceMs }
    observer.stateChanged(this.#reported)
  }
}

function completed({ state, code, cause, remedy, nextTryMs }: PartState, before: Known | undefined): Known {
  const lasts = before !== undefined && before.code === (code ?? null)
  return {
    state,
    code: code ?? null,
    cause: cause ?? (lasts ? before.cause : null),
    remedy: remedy ?? null,
    nextTryMs: nextTryMs ?? null,
  }
}

function isSame(one: Known, other: Known): boolean {
  return (['state', 'code', 'cause', 'remedy', 'nextTryMs'] as const).every((key) => one[key] === other[key])
}
