/** How many items of an org a sink has refused. `sink` is null for items that could not be records. */
export interface QuarantineCount {
  readonly org: string
  readonly sink: string | null
  readonly items: number
}
