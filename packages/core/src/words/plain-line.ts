/**
 * Returns a text as one line that is safe on a terminal: control characters (C0, C1) and line separators
 * become a space, and characters that no one sees or that turn the direction of writing are left out.
 */
export function plainLine(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/\p{Cf}+/gu, '')
    .trim()
}

/** Returns the same for a text of several lines, which stay lines with their indentation. */
export function plainLines(text: string): string {
  return text
    .split('\n')
    .map((line) => {
      const indentation = /^ */.exec(line)?.[0] ?? ''
      return indentation + plainLine(line)
    })
    .join('\n')
}

/** Returns the text, or its first `mostCharacters` with `…` as the last one. */
export function cutText(text: string, mostCharacters: number): string {
  return text.length <= mostCharacters ? text : `${text.slice(0, mostCharacters - 1)}…`.toWellFormed()
}
