/**
 * A metric as the reference lists it (docs/metrics.md). Its name, unit and attributes are a public contract.
 */
export interface MetricDefinition {
  readonly name: string
  readonly kind: 'counter' | 'gauge' | 'histogram'
  /** In UCUM: `s`, `By`, `1`, or the name of what is counted in braces, such as `{record}`. */
  readonly unit: string
  readonly description: string
  /** The attributes, each with a description of its values. */
  readonly attributes: Readonly<Record<string, string>>
  /** The boundaries of a histogram. */
  readonly boundaries?: readonly number[]
}
