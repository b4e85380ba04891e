import type { Logger } from '@cdrstream/plugin'

/** The condition of an org, a sink or the journal. Logged when it changes, not at each attempt. */
export class Condition {
  readonly #log: Logger
  readonly #subject: Readonly<Record<string, unknown>>
  #code = 'ok'
  /** The details as last logged, and as of the last attempt. */
  #logged = ''
  #last = ''

  constructor(log: Logger, subject: Readonly<Record<string, unknown>>) {
    this.#log = log
    this.#subject = subject
  }

  /** A stable code for programs; `ok` while there is no problem. */
  get code(): string {
    return this.#code
  }

  ok(): void {
    if (this.#code === 'ok') return
    this.#log.info('recovered', { ...this.#subject, was: this.#code })
    this.#code = 'ok'
  }

  /**
   * Logs the message if the code is new, and again if the `cause` or the `remedy` in the fields has changed.
   * A change is reported only if two consecutive attempts show it: some causes differ with each attempt
   * because they name a port, or because two server nodes respond in turn.
   */
  bad(code: string, message: string, fields: Readonly<Record<string, unknown>> = {}): void {
    const { cause, remedy } = fields
    const details = JSON.stringify([cause, remedy])
    if (this.#code === code) {
      // Events between two attempts do not indicate a cause.
      if (cause === undefined) return
      const isSettled = details === this.#last
      this.#last = details
      if (!isSettled || details === this.#logged) return
    }
    this.#code = code
    this.#logged = details
    this.#last = details
    this.#log.warn(message, { ...this.#subject, code, ...fields })
  }
}
