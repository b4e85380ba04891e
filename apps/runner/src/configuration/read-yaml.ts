import { type Document, LineCounter, parseDocument, type YAMLError } from 'yaml'
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
    errors: told.map((error) => ({ place: placeAt(error.pos[0]), message: describe(error, text) })),
  }
}

function describe(error: YAMLError, text: string): string {
  const [from] = error.pos
  const before = text.slice(text.lastIndexOf('\n', from - 1) + 1, from)
  if (/[{[].*\$$/.test(before)) return `not YAML: inside { } and [ ], \${…} needs quotes: "\${NAME}"`
  return `not YAML: ${withoutContent(error.message)}`
}

/** The parser quotes what it stumbled over, which may be a part of a secret. */
function withoutContent(message: string): string {
  const words = message
    .replace(/: ".*"$/s, '')
    .replace(/(extra characters|but found|escape sequence|Unresolved tag).*$/s, '$1')
    .split('\n', 1)[0]
  return (words ?? '').replace(/^./, (first) => first.toLowerCase())
}
