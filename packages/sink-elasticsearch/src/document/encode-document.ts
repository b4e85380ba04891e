import type { CdrRecord } from '@cdrstream/plugin'
import { timeJson } from './format-time.ts'
import { fieldMembers } from './generated/field-members.ts'
import { splitExtra } from './split-extra.ts'

/**
 * Returns the document of a record as JSON in one line: the catalogue's fields that have a value, by their
 * columns; what they cannot hold, as the API sent it, in `extra` and `extra_text`; and where the record comes
 * from. `home` is the day that the document is to show.
 */
export function encodeDocument(record: CdrRecord, home: string): string {
  const { fields, extra, text } = record
  let json = `{"org":${quote(record.org)},"key":${quote(record.key)},"rank":${record.rank},"home":"${home}","source":"${record.source}","accepted_at":${timeJson(record.acceptedAtMs)}`
  json += fieldMembers(fields, isPlainJson(text) ? asItIs : escaped)
  if (extra.size > 0) {
    const { searchable, kept } = splitExtra(record)
    if (searchable !== '') json += `,"extra":{${searchable}}`
    if (kept !== '') json += `,"extra_text":${JSON.stringify(`{${kept}}`)}`
  }
  return `${json}}`
}

/**
 * In the texts of a JSON without a backslash there is nothing to escape, except halves of surrogate pairs.
 */
function isPlainJson(json: string): boolean {
  return !json.includes('\\') && json.isWellFormed()
}

// What JSON has to escape, and surrogates, for which it depends on their neighbours.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are meant
const needsEscape = /["\\\u0000-\u001f\ud800-\udfff]/

function quote(text: string): string {
  return `"${escaped(text)}"`
}

function escaped(text: string): string {
  return needsEscape.test(text) ? JSON.stringify(text).slice(1, -1) : text
}

function asItIs(text: string): string {
  return text
}
