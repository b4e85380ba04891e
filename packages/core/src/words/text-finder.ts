import type { Range } from './range.ts'

/** A string to search for. */
export interface WantedText {
  readonly text: string
  /** Whether it matches only if no letter or digit is directly before or after it. */
  readonly wholeWord: boolean
}

const indexedCharacters = 2

/**
 * Returns a function that finds these strings, which must have at least two characters. Its run time does not
 * grow with the number of strings.
 */
export function createTextFinder(wanted: readonly WantedText[]): (text: string) => readonly Range[] {
  const byStart = new Map<string, WantedText[]>()
  for (const each of wanted) {
    if (each.text.length < indexedCharacters) continue
    const start = each.text.slice(0, indexedCharacters)
    const others = byStart.get(start)
    if (others === undefined) byStart.set(start, [each])
    else others.push(each)
  }
  if (byStart.size === 0) return () => []
  return (text) => {
    const found: Range[] = []
    for (let start = 0; start <= text.length - indexedCharacters; start++) {
      const candidates = byStart.get(text.slice(start, start + indexedCharacters))
      for (const candidate of candidates ?? []) {
        const end = start + candidate.text.length
        if (!text.startsWith(candidate.text, start)) continue
        if (candidate.wholeWord && isInWord(text, start, end)) continue
        found.push({ start, end })
      }
    }
    return found
  }
}

const wordCharacter = /[\p{L}\p{N}]/u

function isInWord(text: string, start: number, end: number): boolean {
  const goesOn = (at: number) =>
    wordCharacter.test(text.charAt(at - 1)) && wordCharacter.test(text.charAt(at))
  return goesOn(start) || goesOn(end)
}
