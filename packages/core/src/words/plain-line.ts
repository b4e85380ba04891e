/**
 * Returns a text as one line that is safe on a terminal: control characters (C0, C1) and line separators become a
 * space, and characters that no one sees or that turn the direction of writing are left out.
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

/** Returns a text of at most so many characters, with `…` at its end if it was cut. */
export function cutText(text: string, mostCharacters: number): string {
  return text.length <= mostCharacters ? text : `${text.slice(0, mostCharacters - 1)}…`.toWellFormed()
}
