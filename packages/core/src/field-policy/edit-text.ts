/** A replacement for part of a string. */
export interface TextEdit {
  readonly fromAt: number
  readonly toAt: number
  readonly text: string
}

/**
 * Returns the text after the edits, which must be in order and must not overlap. Everything else stays
 * unchanged.
 */
export function editText(text: string, edits: readonly TextEdit[]): string {
  if (edits.length === 0) return text
  let edited = ''
  let copiedTo = 0
  for (const edit of edits) {
    edited += text.slice(copiedTo, edit.fromAt) + edit.text
    copiedTo = edit.toAt
  }
  return edited + text.slice(copiedTo)
}
