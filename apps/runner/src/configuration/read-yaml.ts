import { type Document, LineCounter, parseDocument, type YAMLError } from 'yaml'
import { missingSpaceIn } from './missing-space.ts'
import type { Place } from './place.ts'

export type YamlReading =
  | { readonly kind: 'document'; readonly document: Document.Parsed; placeAt(offset: number): Place }
  | { readonly kind: 'syntax'; readonly errors: readonly SyntaxProblem[] }

interface SyntaxProblem {
  readonly place: Place
  readonly message: string
}

export function readYaml(text: string): YamlReading {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(1, line), column: Math.max(1, col) }
  }
  const errors = [...document.errors, ...document.warnings]
  if (errors.length === 0) return { kind: 'document', document, placeAt }
  // A syntax error often causes others after it, so only the first is reported.
  const first = errors.find(({ code }) => code !== 'DUPLICATE_KEY')
  const reported = errors.filter((error) => error === first || error.code === 'DUPLICATE_KEY')
  return {
    kind: 'syntax',
    errors: reported.map((error) => {
      const place = placeAt(error.pos[0])
      return { place, message: describe(error, text, place) }
    }),
  }
}

function describe(error: YAMLError, text: string, { line }: Place): string {
  const [from] = error.pos
  const before = text.slice(text.lastIndexOf('\n', from - 1) + 1, from)
  const hint = forgottenSpace(text.split('\n'), line)
  if (hint === '' && /[{[].*\$$/.test(before)) {
    return `not YAML: inside { } and [ ], \${…} must be quoted: "\${NAME}"`
  }
  return `not YAML: ${sentences[error.code] ?? 'the syntax is wrong here'}${hint}`
}

/**
 * Searches the line of the error and the lines shortly before it, because the parser fails only at the next
 * key.
 */
function forgottenSpace(lines: readonly string[], line: number): string {
  for (let at = Math.min(line, lines.length) - 1; at >= Math.max(0, line - 4); at--) {
    const hint = missingSpaceIn(lines[at] ?? '')
    if (hint !== undefined) return at + 1 === line ? `; ${hint}` : `; ${hint} (line ${at + 1})`
  }
  return ''
}

/**
 * Our messages for the parser's errors. The parser's own messages quote the text, which can be part of a
 * secret.
 */
const sentences: Readonly<Partial<Record<YAMLError['code'], string>>> = {
  ALIAS_PROPS: 'an alias cannot have an anchor or a tag',
  BAD_ALIAS: 'the name of an alias or anchor is missing, or ends in a colon',
  BAD_COLLECTION_TYPE: 'a tag does not fit the value after it',
  BAD_DIRECTIVE: 'a line that begins with % is not a valid directive',
  BAD_DQ_ESCAPE:
    'an escape sequence is not valid in double quotes; in single quotes, a backslash is just a backslash',
  BAD_INDENT: 'the indentation does not match the previous lines',
  BAD_PROP_ORDER: 'an anchor or a tag is in the wrong place',
  BAD_SCALAR_START: 'text that begins with this character must be quoted',
  BLOCK_AS_IMPLICIT_KEY:
    'found a second colon or a list where one value is expected; quote text that contains a colon',
  BLOCK_IN_FLOW: 'inside { } and [ ], lists and mappings need brackets',
  DUPLICATE_KEY: 'map keys must be unique',
  KEY_OVER_1024_CHARS: 'a key is too long',
  MISSING_CHAR: 'a quote, colon, comma, space or closing bracket is missing',
  MULTILINE_IMPLICIT_KEY: 'a key must be on one line and followed by a colon and a space',
  MULTIPLE_ANCHORS: 'a value can have only one anchor',
  MULTIPLE_DOCS: 'the file must contain one document, without --- between two',
  MULTIPLE_TAGS: 'a value can have only one tag',
  NON_STRING_KEY: 'a key must be text',
  RESOURCE_EXHAUSTION: 'the file is nested too deeply',
  TAB_AS_INDENT: 'tabs are not allowed as indentation; use spaces',
  TAG_RESOLVE_FAILED: 'unknown tag; quote text that begins with !',
  UNEXPECTED_TOKEN: 'unexpected character; quote text that contains special characters',
}
