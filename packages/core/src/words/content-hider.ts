import { type FoldedText, foldText, foldValue } from './folded-text.ts'
import { coverRanges, type Range } from './range.ts'
import { createTextFinder, type WantedText } from './text-finder.ts'

/** Personal content from records, to be hidden in a string. */
export interface PersonalContent {
  /** Values in which each word is hidden, such as a person's name. */
  readonly names: readonly string[]
  /** Values that are hidden as a whole or in parts of at least three words. */
  readonly others: readonly string[]
}

const sign = '…'
/** Longer text is neither searched nor shown. */
const longestText = 20_000
/** A shorter value is part of too many words. */
const shortestValue = 3
/** A shorter value is hidden only as a separate word. */
const shortestInWords = 6
const shortestName = 4
/** Scripts in which two characters can be a name and names are not surrounded by spaces. */
const withoutSpaces =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/u
const maxWordsOfName = 5
/** A number with at least this many digits is recognized by its last digits alone, in any notation. */
const longNumber = 8
const digitsOfAnEnd = 7
const shortestNumber = 4
/**
 * The limits for one value and for all values, after folding. A batch of 10,000 typical records has about
 * 6,000,000 characters.
 */
const longestValue = 1_000_000
const maxCharacters = 16_000_000
const maxPhrases = 1_000_000

/**
 * Returns a function that hides this content in a string, in any spelling: in different letter case or width,
 * without accents, escaped, or with other separators between the digits of a number. If there is too much
 * content to search for, no text is shown.
 */
export function createContentHider({ names, others }: PersonalContent): (text: string) => string {
  const written = [...names, ...others]
  const values = foldedValues(written)
  if (values === undefined) return notShown
  const wanted = new Set([
    ...values,
    ...values.slice(0, names.length).flatMap(wordsOfName),
    ...values.flatMap(phrases),
  ])
  const findNumbers = createNumberFinder(new Set(values.flatMap(numbersOf)))
  return (text) => {
    if (text.length > longestText) return notShown(text)
    const folded = foldText(text)
    const found = [...findTexts(wanted, folded.text), ...findNumbers(folded.text)].map(originalRange(folded))
    return coverRanges(text, [...findTexts(written, text), ...found], sign)
  }
}

function notShown({ length }: string): string {
  return `text of ${length} characters (not shown)`
}

/** Returns undefined if there is too much content to keep in memory. */
function foldedValues(written: readonly string[]): readonly string[] | undefined {
  const values: string[] = []
  let charactersLeft = maxCharacters
  let phrasesLeft = maxPhrases
  for (const value of written) {
    const folded = foldValue(value, longestValue)
    charactersLeft -= folded.length
    phrasesLeft -= folded.split(' ').length - 1
    if (folded.length > longestValue || charactersLeft < 0 || phrasesLeft < 0) return undefined
    values.push(folded)
  }
  return values
}

/**
 * Finds strings in two steps: a batch has many values, but a string contains the beginnings of only a few, so
 * only these are searched for.
 */
function findTexts(wanted: Iterable<string>, text: string): readonly Range[] {
  const beginnings = new Set<string>()
  for (let at = 0; at < text.length; at++) {
    beginnings.add(text.slice(at, at + 2)).add(text.slice(at, at + shortestValue))
  }
  const near: WantedText[] = []
  for (const value of wanted) {
    if (beginnings.has(value.slice(0, shortestValue))) near.push(...wantedTexts(value))
  }
  return createTextFinder(near)(text)
}

function wantedTexts(text: string): readonly WantedText[] {
  if (withoutSpaces.test(text)) return [{ text, wholeWord: false }]
  return text.length < shortestValue ? [] : [{ text, wholeWord: text.length < shortestInWords }]
}

function wordsOfName(folded: string): readonly string[] {
  const words = folded.split(' ')
  return words.length > maxWordsOfName ? [] : words.filter((word) => word.length >= shortestName)
}

/** Returns every three consecutive words, because part of a long text is also recognizable. */
function phrases(folded: string): readonly string[] {
  const words = folded.split(' ')
  return words.slice(2).map((_, at) => words.slice(at, at + 3).join(' '))
}

const digitRun = /\d(?: ?\d)*/g

/** Returns the numbers in a value. */
function numbersOf(folded: string): readonly string[] {
  return (folded.match(digitRun) ?? [])
    .map((run) => run.replaceAll(' ', ''))
    .filter((digits) => digits.length >= shortestNumber)
}

function createNumberFinder(numbers: ReadonlySet<string>): (text: string) => readonly Range[] {
  const short = new Set<string>()
  const ends = new Set<string>()
  for (const digits of numbers) {
    if (digits.length < longNumber) short.add(digits)
    else ends.add(digits.slice(-digitsOfAnEnd))
  }
  return (text) =>
    [...text.matchAll(digitRun)].flatMap(({ 0: run, index }) => {
      const isLong = hasEnd(run.replaceAll(' ', ''), ends)
      const found = isLong ? [{ start: 0, end: run.length }] : shortNumbersIn(run, short)
      return found.map(({ start, end }) => ({ start: index + start, end: index + end }))
    })
}

function hasEnd(digits: string, ends: ReadonlySet<string>): boolean {
  for (let at = digitsOfAnEnd; at <= digits.length; at++) {
    if (ends.has(digits.slice(at - digitsOfAnEnd, at))) return true
  }
  return false
}

/**
 * Returns the short numbers that begin and end at the boundary of a group of digits: `4711` is in `47-11`,
 * but not in `14711`.
 */
function shortNumbersIn(run: string, short: ReadonlySet<string>): readonly Range[] {
  const groups = [...run.matchAll(/\d+/g)]
  return groups.flatMap(({ index: start }, first) => {
    let digits = ''
    for (const { 0: group, index } of groups.slice(first)) {
      digits += group
      if (digits.length >= longNumber) return []
      if (short.has(digits)) return [{ start, end: index + group.length }]
    }
    return []
  })
}

function originalRange({ starts, ends }: FoldedText): (range: Range) => Range {
  return ({ start, end }) => ({ start: starts[start] ?? 0, end: ends[end - 1] ?? 0 })
}
