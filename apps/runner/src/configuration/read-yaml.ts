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
  // One slip in the syntax often makes several errors behind it: the first one tells it.
  const first = errors.find(({ code }) => code !== 'DUPLICATE_KEY')
  const told = errors.filter((error) => error === first || error.code === 'DUPLICATE_KEY')
  return {
    kind: 'syntax',
    errors: told.map((error) => {
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
    return `not YAML: inside { } and [ ], \${…} needs quotes: "\${NAME}"`
  }
  return `not YAML: ${sentences[error.code] ?? 'the file cannot be understood here'}${hint}`
}

/**
 * In the line of the error, or in one shortly before it: the parser notices it only where the next key comes.
 */
function forgottenSpace(lines: readonly string[], line: number): string {
  for (let at = Math.min(line, lines.length) - 1; at >= Math.max(0, line - 4); at--) {
    const hint = missingSpaceIn(lines[at] ?? '')
    if (hint !== undefined) return at + 1 === line ? `; ${hint}` : `; ${hint} (line ${at + 1})`
  }
  return ''
}

/**
 * Our own words for the errors of the parser, which quotes what it stumbled over: that may be a part of a
 * secret.
 */
const sentences: Readonly<Partial<Record<YAMLError['code'], string>>> = {
  ALIAS_PROPS: 'an alias cannot have an anchor or a tag',
  BAD_ALIAS: 'the name of an alias or anchor is missing, or ends in a colon',
  BAD_COLLECTION_TYPE: 'a tag does not fit the value behind it',
  BAD_DIRECTIVE: 'a line that begins with % is not understood',
  BAD_DQ_ESCAPE: 'an escape sequence is not valid in double quotes; single quotes take a backslash as it is',
  BAD_INDENT: 'the indentation does not fit the lines before',
  BAD_PROP_ORDER: 'an anchor or a tag is at the wrong place',
  BAD_SCALAR_START: 'a text that begins with this character needs quotes',
  BLOCK_AS_IMPLICIT_KEY:
    'a second colon, or a list, stands where one value is expected; put a text with a colon in quotes',
  BLOCK_IN_FLOW: 'inside { } and [ ], lists and mappings need brackets as well',
  DUPLICATE_KEY: 'map keys must be unique',
  KEY_OVER_1024_CHARS: 'a key is too long',
  MISSING_CHAR: 'a quote, colon, comma, space or closing bracket is missing',
  MULTILINE_IMPLICIT_KEY: 'a key must stand on one line, with a colon and a space behind it',
  MULTIPLE_ANCHORS: 'a value can have one anchor only',
  MULTIPLE_DOCS: 'the file must hold one document, without a line of --- between two',
  MULTIPLE_TAGS: 'a value can have one tag only',
  NON_STRING_KEY: 'a key must be a text',
  RESOURCE_EXHAUSTION: 'the file is nested too deeply',
  TAB_AS_INDENT: 'tabs are not allowed as indentation; use spaces',
  TAG_RESOLVE_FAILED: 'a tag is not known here; put a text that begins with ! in quotes',
  UNEXPECTED_TOKEN: 'a character stands where none is expected; put a text with special characters in quotes',
}
