const windowRecords = 1_000
const tolerated = 0.05

/** More than 5 % of 1,000 records refused is no matter of single records: something is wrong with the sink. */
export class RefusalWatch {
  #seen = 0
  #refused = 0

  /** Counts a batch; true if it goes too far. */
  tooMany(records: number, refused: number): boolean {
    if (this.#seen + records > windowRecords && this.#seen > 0) {
      this.#seen = 0
      this.#refused = 0
    }
    this.#seen += records
    this.#refused += refused
    return this.#refused > tolerated * Math.max(windowRecords, this.#seen)
  }
}
