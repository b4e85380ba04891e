/** A text as spellings of it have it in common, and where each character of that comes from. */
export interface FoldedText {
  readonly text: string
  /** By index in `text`, and one more at the end: positions in the original. */
  readonly starts: readonly number[]
  readonly ends: readonly number[]
}

/** An escape of JSON, percent-encoded bytes, or one character. */
const unit = /\\u[0-9a-fA-F]{4}|(?:%[0-9a-fA-F]{2})+|./gsu

/**
 * Folds letter case, accents, width and digits of any script, undoes escapes, and makes one space of whatever
 * stands between words. Stops behind `mostCharacters`, since one character can stand for eighteen.
 */
export function foldText(original: string, mostCharacters = Number.POSITIVE_INFINITY): FoldedText {
  const parts: string[] = []
  const starts: number[] = []
  const ends: number[] = []
  for (const { 0: written, index } of original.matchAll(unit)) {
    if (starts.length > mostCharacters) break
    const end = index + written.length
    for (const folded of foldCharacters(written)) {
      // A mark belongs to the letter before it.
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

/** Returns a folded text alone, without spaces at its ends; of a longer one, at least `mostCharacters`. */
export function foldValue(value: string, mostCharacters?: number): string {
  return /^[^%\\\u0080-\uffff]*$/.test(value)
    ? value
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, ' ')
        .trim()
    : foldText(value, mostCharacters).text.trim()
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
  // Upper case first: ß and ss are the same, and so are ς and σ.
  return /[\p{L}\p{N}]/u.test(character) ? character.toUpperCase().toLowerCase() : ' '
}

/** The digits of a script follow one another, and begin where no digit stands before. */
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
