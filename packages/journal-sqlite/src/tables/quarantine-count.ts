/** How many items of an org one sink has refused; `sink` is null for items that could not become records. */
export interface QuarantineCount {
  readonly org: string
  readonly sink: string | null
  readonly items: number
}
