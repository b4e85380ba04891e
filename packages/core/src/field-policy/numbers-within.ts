/**
 * Digits of any script with an optional `+` before them, separated by anything except letters. A single digit
 * is not a number: the shortest extension has two.
 */
const number = /\+?\p{Nd}(?:[^\p{L}\p{N}]*\p{Nd})+/gu

/** Returns the text with each telephone number or extension in it changed. */
export function changeNumbers(text: string, change: (found: string) => string): string {
  return text.replace(number, change)
}
