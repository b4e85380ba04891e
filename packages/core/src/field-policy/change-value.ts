import type { FieldRule } from './field-rules.ts'
import { maskValue } from './mask-value.ts'

const empty = '""'

/** Applies a rule to the JSON text of a value. What says "no value" stays as it is, but for what is dropped: that is all alike. */
export function changeValue(json: string, rule: FieldRule): string {
  const { action, nullMarkers, behind } = rule
  if (json === empty || json === 'null') return json
  if (behind.length > 0) return changeEnd(json, rule)
  const value = textOf(json)
  switch (action.kind) {
    case 'drop':
      return empty
    case 'mask':
    case 'hash':
      // Of a list or an object nobody knows what part of it is the number.
      if (value === undefined) return empty
      return nullMarkers.includes(value) ? json : JSON.stringify(changeText(value, action))
  }
}

/** Changes only what follows a word. */
function changeEnd(json: string, { action, behind }: FieldRule): string {
  const value = textOf(json)
  if (value === undefined) {
    return behind.some((word) => json.toLowerCase().includes(word.toLowerCase())) ? empty : json
  }
  const word = behind.find((start) => value.toLowerCase().startsWith(start.toLowerCase()))
  if (word === undefined || value.length === word.length) return json
  return JSON.stringify(value.slice(0, word.length) + changeText(value.slice(word.length), action))
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

/** A text, or the digits of a number, which is a text that lost its quotes; undefined for anything else. */
function textOf(json: string): string | undefined {
  if (json.startsWith('"')) return JSON.parse(json)
  return /^[-\d]/.test(json) ? json : undefined
}
