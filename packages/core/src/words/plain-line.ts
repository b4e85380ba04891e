/**
 * Returns a string as one line that is safe on a terminal: control characters (C0, C1) and line separators
 * become a space, and characters that are invisible or that change the writing direction are removed.
 */
export function plainLine(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/\p{Cf}+/gu, '')
    .trim()
}

/** Like `plainLine`, but keeps the line breaks and the indentation of a multi-line text. */
export function plainLines(text: string): string {
  return text
    .split('\n')
    .map((line) => {
      const indentation = /^ */.exec(line)?.[0] ?? ''
      return indentation + plainLine(line)
    })
    .join('\n')
}

/** Returns the text, or its first `maxCharacters` characters with `…` as the last one. */
export function cutText(text: string, maxCharacters: number): string {
  return text.length <= maxCharacters ? text : `${text.slice(0, maxCharacters - 1)}…`.toWellFormed()
}
