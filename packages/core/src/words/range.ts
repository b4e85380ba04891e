/** A part of a text, in UTF-16 units: from `start` up to, but not including, `end`. */
export interface Range {
  readonly start: number
  readonly end: number
}

/** Returns the text with `sign` in place of each range. Ranges that overlap or touch become one. */
export function coverRanges(text: string, ranges: readonly Range[], sign: string): string {
  let covered = ''
  let written = 0
  let coveredTo = -1
  for (const { start, end } of [...ranges].sort((a, b) => a.start - b.start)) {
    if (start > coveredTo) covered += text.slice(written, start) + sign
    coveredTo = Math.max(coveredTo, end)
    written = coveredTo
  }
  return covered + text.slice(written)
}
