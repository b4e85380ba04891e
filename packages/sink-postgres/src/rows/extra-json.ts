import { type CdrRecord, type ExactMember, exactExtra } from '@cdrstream/plugin'
import { allCharacters, type Repertoire } from './repertoire.ts'

/**
 * The member of `extra` for values that jsonb cannot store exactly: the JSON text of an object whose members
 * are as the API sent them.
 */
export const textMember = '@json'

/** Far below the depth that overflows the server's stack, and above the depth of any real record. */
const maxDepth = 100

export interface ExtraOptions {
  /** Which characters the database can store. Default: all. */
  readonly repertoire?: Repertoire | undefined
  /** Whether to store everything as text, because the server otherwise rejects it. Default false. */
  readonly asText?: boolean
}

/** Returns the JSON text of `extra`, which jsonb can store, or null if it is empty. */
export function extraJson(
  record: Pick<CdrRecord, 'text' | 'extra'>,
  unstorable: readonly (readonly [name: string, value: unknown])[],
  { repertoire = allCharacters, asText = false }: ExtraOptions = {},
): string | null {
  const members = exactExtra(record, unstorable)
  if (members.length === 0) return null
  const held: string[] = []
  const texts: string[] = []
  for (const member of members) {
    const list = !asText && fitsJsonb(member, repertoire) ? held : texts
    for (const text of member.texts) list.push(`${JSON.stringify(member.name)}:${text}`)
  }
  if (texts.length > 0) {
    const json = `{${texts.join()}}`
    held.push(`"${textMember}":${JSON.stringify(repertoire === allCharacters ? json : inAscii(json))}`)
  }
  return `{${held.join()}}`
}

function fitsJsonb(
  { name, texts: [text = ''], depth, isPlain }: ExactMember,
  repertoire: Repertoire,
): boolean {
  if (!isPlain || depth > maxDepth || name === textMember) return false
  return [JSON.stringify(name), text].every((json) => {
    const content = unescaped(json)
    return !content.includes('\0') && content.isWellFormed() && repertoire(content)
  })
}

/** Returns the JSON with all `\u` escapes replaced by their characters. */
function unescaped(json: string): string {
  if (!json.includes('\\u')) return json
  return json.replace(/\\(?:u([0-9a-fA-F]{4})|.)/g, (found, digits: string | undefined) =>
    digits === undefined ? found : String.fromCharCode(Number.parseInt(digits, 16)),
  )
}

/** Returns equivalent JSON in ASCII. All other characters are in strings, where they can be escaped. */
export function inAscii(json: string): string {
  return json.replace(/[^\0-\x7f]/g, escaped)
}

/** Returns the JSON escape of a UTF-16 code unit. */
export function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
}
