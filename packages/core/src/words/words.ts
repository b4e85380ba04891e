import { cutText, plainLine } from './plain-line.ts'
import { coverRanges, type Range } from './range.ts'
import { secretForms } from './secret-forms.ts'
import { textFinder } from './text-finder.ts'

/**
 * The one way out for a text that was not written by cdrstream: hides secrets, then cuts, and leaves one line
 * that is safe on a terminal. Default: at most 500 characters.
 */
export type Words = (text: string, mostCharacters?: number) => string

/** Neither an error nor a message of a person is longer. What is, is not shown at all. */
const longestText = 20_000
const mostCharactersByDefault = 500
const sign = '[secret]'

/**
 * Returns the way out that hides these secrets, in whatever usual form they appear. Needs at least three
 * characters of each.
 */
export function createWords(secrets: readonly string[]): Words {
  const find = textFinder([...new Set(secrets)].flatMap(secretForms))
  const hide = (text: string) => {
    const found = [...find(text), ...credentialsIn(text)].filter(
      ({ start, end }) => !isSign(text, start, end),
    )
    return found.length === 0 ? text : coverRanges(text, found, sign)
  }
  return (text, mostCharacters = mostCharactersByDefault) => {
    if (text.length > longestText) return `a text of ${text.length} characters, which is not shown`
    // Hidden before the controls are taken out, as they may be part of a secret, and after, as they may stand
    // in it.
    return cutText(hide(plainLine(hide(text))), mostCharacters)
  }
}

/**
 * Secrets by where they stand, also if they are none of ours: after `Bearer`, in
 * `https://user:password@host`.
 */
function credentialsIn(text: string): readonly Range[] {
  return [/\bbearer\s+(\S+)/dgi, /\b[Bb]asic\s+(?=[a-z]*[A-Z0-9+/=])([\w+/=-]{4,})/dg, /:\/\/([^\s/@]+)@/dg]
    .flatMap((pattern) => [...text.matchAll(pattern)])
    .flatMap(({ indices }) => (indices?.[1] === undefined ? [] : [indices[1]]))
    .map(([start, end]) => ({ start, end }))
}

/** The sign itself must not be hidden again where a secret is `secret`. */
function isSign(text: string, start: number, end: number): boolean {
  return text.slice(Math.max(0, start - 1), end + 1) === sign || text.slice(start, end) === sign
}
