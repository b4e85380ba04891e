/** A string in the form that all its spellings share, with the origin of each character. */
export interface FoldedText {
  readonly text: string
  /** Positions in the original, by index in `text`. */
  readonly starts: readonly number[]
  readonly ends: readonly number[]
}

/** A JSON escape, percent-encoded bytes, or one character. */
const unit = /\\u[0-9a-fA-F]{4}|(?:%[0-9a-fA-F]{2})+|./gsu

/**
 * Returns the folded form of a string: without differences in letter case, accents, width and digit script,
 * with escapes decoded, and with one space for anything between words. Stops after `maxCharacters`, because
 * one character can expand to eighteen.
 */
export function foldText(original: string, maxCharacters = Number.POSITIVE_INFINITY): FoldedText {
  const parts: string[] = []
  const starts: number[] = []
  const ends: number[] = []
  for (const { 0: written, index } of original.matchAll(unit)) {
    if (starts.length > maxCharacters) break
    const end = index + written.length
    for (const folded of foldCharacters(written)) {
      // A combining mark belongs to the letter before it.
      if (folded === '' && ends.length > 0) ends[ends.length - 1] = end
      if (folded === '' || (folded === ' ' && parts.at(-1) === ' ')) continue
      parts.push(folded)
      for (let at = 0; at < folded.length; at++) {
        starts.push(index)
        ends.push(end)
      }
    }
  }
  return { text: parts.join(''), starts, ends }
}

/** Returns only the folded text, trimmed; for longer text, at least its first `maxCharacters`. */
export function foldValue(value: string, maxCharacters?: number): string {
  return /^[^%\\\u0080-\uffff]*$/.test(value)
    ? value
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, ' ')
        .trim()
    : foldText(value, maxCharacters).text.trim()
}

function foldCharacters(written: string): readonly string[] {
  if (written.length === 1 && written <= '\u007f') return [foldAscii(written)]
  return [...unescaped(written).normalize('NFKD')].map(foldCharacter)
}

function foldAscii(character: string): string {
  return /[a-zA-Z0-9]/.test(character) ? character.toLowerCase() : ' '
}

function foldCharacter(character: string): string {
  if (/[\p{M}\p{Cf}\p{DI}]/u.test(character)) return ''
  if (/\p{Nd}/u.test(character)) return digitOf(character)
  // Upper case first, so that ß equals ss and ς equals σ.
  return /[\p{L}\p{N}]/u.test(character) ? character.toUpperCase().toLowerCase() : ' '
}

/** Returns the value of a digit: the digits of a script are consecutive and start after a non-digit. */
function digitOf(character: string): string {
  const code = character.codePointAt(0) ?? 0
  let value = 0
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(code - value - 1))) value += 1
  return String(value)
}

function unescaped(written: string): string {
  if (written.startsWith('\\u')) return String.fromCharCode(Number.parseInt(written.slice(2), 16))
  if (!written.startsWith('%')) return written
  try {
    return decodeURIComponent(written)
  } catch {
    return written
  }
}
