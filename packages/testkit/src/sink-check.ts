/** One thing that a sink has to do, or must not. */
export interface SinkCheck {
  /** Stable, for machines: kebab-case. */
  readonly name: string
  /** What is asserted, for a person. */
  readonly title: string
  /** Runs it once. Throws with one line, what was expected and what was found, if the sink fails it, or with `notRun`. */
  run(): Promise<void>
  /** Why it cannot run: what the certification lacks. */
  readonly notRun?: string
}
