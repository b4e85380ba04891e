import type { CdrRecord } from '@cdrstream/plugin'
import { timeJson } from './format-time.ts'
import { fieldMembers } from './generated/field-members.ts'
import { splitExtra } from './split-extra.ts'

/**
 * Returns a record's document as one line of JSON: its origin, the catalogue fields that have a value, by
 * column, and in `extra` and `extra_text` everything else, as the API sent it. `home` is the home that the
 * document shows.
 */
export function encodeDocument(record: CdrRecord, home: string): string {
  const { fields, extra, text } = record
  let json = `{"org":${quote(record.org)},"key":${quote(record.key)},"rank":${record.rank},"home":"${home}","source":"${record.source}","accepted_at":${timeJson(record.acceptedAtMs)}`
  json += fieldMembers(fields, isPlainJson(text) ? unchanged : escaped)
  if (extra.size > 0) {
    const { searchable, kept } = splitExtra(record)
    if (searchable !== '') json += `,"extra":{${searchable}}`
    if (kept !== '') json += `,"extra_text":${JSON.stringify(`{${kept}}`)}`
  }
  return `${json}}`
}

/** Returns whether no string in the JSON needs escapes. Without a backslash, only lone surrogates do. */
function isPlainJson(json: string): boolean {
  return !json.includes('\\') && json.isWellFormed()
}

// Characters that JSON must escape, and surrogates, some of which it must escape.
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON must escape control characters
const needsEscape = /["\\\u0000-\u001f\ud800-\udfff]/

function quote(text: string): string {
  return `"${escaped(text)}"`
}

function escaped(text: string): string {
  return needsEscape.test(text) ? JSON.stringify(text).slice(1, -1) : text
}

function unchanged(text: string): string {
  return text
}
