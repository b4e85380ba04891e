import type { Logger } from '@cdrstream/plugin'

/** How an org, a sink or the journal is. Said in the log when it changes, not at each attempt. */
export class Condition {
  readonly #log: Logger
  readonly #subject: Readonly<Record<string, unknown>>
  #code = 'ok'

  constructor(log: Logger, subject: Readonly<Record<string, unknown>>) {
    this.#log = log
    this.#subject = subject
  }

  /** Stable, for machines; `ok` while all is well. */
  get code(): string {
    return this.#code
  }

  ok(): void {
    if (this.#code === 'ok') return
    this.#log.info('recovered', { ...this.#subject, was: this.#code })
    this.#code = 'ok'
  }

  bad(code: string, message: string, fields: Readonly<Record<string, unknown>> = {}): void {
    if (this.#code === code) return
    this.#code = code
    this.#log.warn(message, { ...this.#subject, code, ...fields })
  }
}
