/**
 * Digits of any script, with whatever stands between them but letters, and a `+` before them. A single digit
 * is no number: the shortest extension has two.
 */
const number = /\+?\p{Nd}(?:[^\p{L}\p{N}]*\p{Nd})+/gu

/** Returns a text with each telephone number or extension in it changed. */
export function changeNumbers(text: string, change: (found: string) => string): string {
  return text.replace(number, change)
}
