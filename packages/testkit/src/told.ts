import { inspect } from 'node:util'
import type { Logger } from '@cdrstream/plugin'

/** Collects what a sink tells people: in its log, and in its outcomes. */
export class Told {
  readonly #lines: string[] = []

  readonly log: Logger = {
    debug: (message, fields) => this.#logged(message, fields),
    info: (message, fields) => this.#logged(message, fields),
    warn: (message, fields) => this.#logged(message, fields),
    error: (message, fields) => this.#logged(message, fields),
  }

  /** Takes the parts of an outcome that reach the engine's log or the quarantine's reasons. */
  hear(outcome: unknown): void {
    if (typeof outcome !== 'object' || outcome === null) return
    for (const part of ['code', 'remedy', 'reason'] as const) {
      if (part in outcome) this.#lines.push(String((outcome as Readonly<Record<string, unknown>>)[part]))
    }
    if ('cause' in outcome) this.#hearCause(outcome.cause)
    if ('refused' in outcome && Array.isArray(outcome.refused)) {
      for (const refusal of outcome.refused) this.hear(refusal)
    }
  }

  /** Whatever else a person may be shown. */
  say(text: string): void {
    this.#lines.push(text)
  }

  /** The first line that holds one of these texts, which itself is not given. */
  find(texts: readonly string[]): string | undefined {
    for (const line of this.#lines) {
      const text = texts.find((wanted) => line.includes(wanted))
      if (text !== undefined) return line.replaceAll(text, '█').replaceAll(/\s+/g, ' ').slice(0, 300)
    }
    return undefined
  }

  #logged(message: string, fields: Readonly<Record<string, unknown>> = {}): void {
    this.#lines.push(`${message} ${inspect(fields, inspectOptions)}`)
  }

  #hearCause(cause: unknown): void {
    if (!(cause instanceof Error)) this.#lines.push(inspect(cause, inspectOptions))
    for (let error = cause; error instanceof Error; error = error.cause) {
      this.#lines.push(`${error.name}: ${error.message}`, error.stack ?? '')
    }
  }
}

const inspectOptions = {
  depth: 12,
  breakLength: Number.POSITIVE_INFINITY,
  maxStringLength: null,
  maxArrayLength: null,
}
