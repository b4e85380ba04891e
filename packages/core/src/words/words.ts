import { cutText, plainLine } from './plain-line.ts'
import { coverRanges, type Range } from './range.ts'
import { secretForms } from './secret-forms.ts'
import { createTextFinder } from './text-finder.ts'

/**
 * Makes a string from outside cdrstream safe to show: hides secrets, then truncates, and returns one line
 * that is safe on a terminal. Default: at most 500 characters.
 */
export type Words = (text: string, maxCharacters?: number) => string

/** No error or user message is longer. Longer text is not shown. */
const longestText = 20_000
const defaultMaxCharacters = 500
const sign = '[secret]'

/**
 * Returns a `Words` function that hides these secrets in all usual forms. Secrets need at least three
 * characters.
 */
export function createWords(secrets: readonly string[]): Words {
  const find = createTextFinder([...new Set(secrets)].flatMap(secretForms))
  const hide = (text: string) => {
    const found = [...find(text), ...credentialsIn(text)].filter(
      ({ start, end }) => !isSign(text, start, end),
    )
    return found.length === 0 ? text : coverRanges(text, found, sign)
  }
  return (text, maxCharacters = defaultMaxCharacters) => {
    if (text.length > longestText) return `text of ${text.length} characters (not shown)`
    // Hidden before control characters are removed, because they may be part of a secret, and after, because
    // they may interrupt one.
    return cutText(hide(plainLine(hide(text))), maxCharacters)
  }
}

/**
 * Finds secrets by their position, even if they are unknown: after `Bearer`, in `https://user:password@host`.
 */
function credentialsIn(text: string): readonly Range[] {
  return [/\bbearer\s+(\S+)/dgi, /\b[Bb]asic\s+(?=[a-z]*[A-Z0-9+/=])([\w+/=-]{4,})/dg, /:\/\/([^\s/@]+)@/dg]
    .flatMap((pattern) => [...text.matchAll(pattern)])
    .flatMap(({ indices }) => (indices?.[1] === undefined ? [] : [indices[1]]))
    .map(([start, end]) => ({ start, end }))
}

/**
 * Returns whether the match is part of the placeholder `[secret]`. Otherwise, if the word "secret" is a
 * configured secret, the placeholder would be hidden again.
 */
function isSign(text: string, start: number, end: number): boolean {
  return text.slice(Math.max(0, start - 1), end + 1) === sign || text.slice(start, end) === sign
}
