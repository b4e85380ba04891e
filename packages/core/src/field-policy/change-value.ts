import type { FieldRule } from './field-rules.ts'
import { maskValue } from './mask-value.ts'
import { changeNumbers } from './numbers-within.ts'

const empty = '""'

/**
 * Returns the JSON text of a value after a rule was applied. A value that means "no value" stays unchanged,
 * except with `drop`, which makes all values equal.
 */
export function changeValue(json: string, rule: FieldRule): string {
  if (json === empty || json === 'null') return json
  const { action, part } = rule
  switch (part.kind) {
    case 'whole':
      return changeWhole(json, action, part.nullMarkers)
    case 'behind':
      return changeEnd(json, action, part.words)
    case 'numbers':
      return changeInner(json, action)
  }
}

function changeWhole(json: string, action: FieldRule['action'], nullMarkers: readonly string[]): string {
  const value = textOf(json)
  switch (action.kind) {
    case 'drop':
      return empty
    case 'mask':
    case 'hash':
      // In a list or an object, any part could be the number.
      if (value === undefined) return empty
      return nullMarkers.includes(value) ? json : JSON.stringify(changeText(value, action))
  }
}

/** Changes only the part that follows one of the words. */
function changeEnd(json: string, action: FieldRule['action'], words: readonly string[]): string {
  const value = textOf(json)
  if (value === undefined) {
    return words.some((word) => json.toLowerCase().includes(word.toLowerCase())) ? empty : json
  }
  const word = words.find((start) => value.toLowerCase().startsWith(start.toLowerCase()))
  if (word === undefined || value.length === word.length) return json
  return JSON.stringify(value.slice(0, word.length) + changeText(value.slice(word.length), action))
}

/** Changes the numbers in a string. A JSON number, list or object counts as one number. */
function changeInner(json: string, action: FieldRule['action']): string {
  if (!json.startsWith('"')) return /\p{Nd}/u.test(json) ? changeWhole(json, action, []) : json
  const value: string = JSON.parse(json)
  const changed = changeNumbers(value, (found) => changeText(found, action))
  return changed === value ? json : JSON.stringify(changed)
}

function changeText(value: string, action: FieldRule['action']): string {
  switch (action.kind) {
    case 'drop':
      return ''
    case 'mask':
      return maskValue(value, action.digits)
    case 'hash':
      return action.hmac(value)
  }
}

/**
 * Returns a string, or the digits of a number (a string that lost its quotes); undefined for anything else.
 */
function textOf(json: string): string | undefined {
  if (json.startsWith('"')) return JSON.parse(json)
  return /^[-\d]/.test(json) ? json : undefined
}
