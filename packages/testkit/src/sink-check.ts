/** A check for one thing that a sink must or must not do. */
export interface SinkCheck {
  /** Stable, in kebab-case, for machines. */
  readonly name: string
  /** What the check asserts, for people to read. */
  readonly title: string
  /** Runs the check once. Throws a one-line error if the sink fails the check or the check cannot run. */
  run(): Promise<void>
  /** Why the check cannot run: what is missing from the certification. */
  readonly notRun?: string
}
