import { inspect } from 'node:util'
import type { Logger } from '@cdrstream/plugin'

/** Collects everything from a sink that people may see: its log lines, and the text in its outcomes. */
export class SinkOutput {
  readonly #lines: string[] = []

  readonly log: Logger = {
    debug: (message, fields) => this.#logged(message, fields),
    info: (message, fields) => this.#logged(message, fields),
    warn: (message, fields) => this.#logged(message, fields),
    error: (message, fields) => this.#logged(message, fields),
  }

  /** Adds the parts of an outcome that reach the engine's log or the quarantine reasons. */
  addOutcome(outcome: unknown): void {
    if (typeof outcome !== 'object' || outcome === null) return
    for (const part of ['code', 'remedy', 'reason'] as const) {
      if (part in outcome) this.#lines.push(String((outcome as Readonly<Record<string, unknown>>)[part]))
    }
    if ('cause' in outcome) this.#addCause(outcome.cause)
    if ('refused' in outcome && Array.isArray(outcome.refused)) {
      for (const refusal of outcome.refused) this.addOutcome(refusal)
    }
  }

  /** Adds any other text that people may see. */
  addText(text: string): void {
    this.#lines.push(text)
  }

  /** Returns the first line that contains one of these strings, with the string itself blacked out. */
  find(texts: readonly string[]): string | undefined {
    for (const line of this.#lines) {
      const text = texts.find((candidate) => line.includes(candidate))
      if (text !== undefined) return line.replaceAll(text, '█').replaceAll(/\s+/g, ' ').slice(0, 300)
    }
    return undefined
  }

  #logged(message: string, fields: Readonly<Record<string, unknown>> = {}): void {
    this.#lines.push(`${message} ${inspect(fields, inspectOptions)}`)
  }

  #addCause(cause: unknown): void {
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
