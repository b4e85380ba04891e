/** A part of a text that something else comes in the place of. */
export interface TextEdit {
  readonly fromAt: number
  readonly toAt: number
  readonly text: string
}

/** Applies edits, which are in order and do not overlap. All else stays as it is. */
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
