import { wideComments, widest } from './wide-comments.ts'

/**
 * Returns the source with each comment that is too wide wrapped at the code's line width. The paragraph of a
 * wide line is refilled, a trailing comment moves above its code, and a one-line block becomes a multi-line
 * block. Nothing else changes.
 */
export function wrapComments(source: string): string {
  let lines = source.split('\n')
  const skipped = new Set<string>()
  for (;;) {
    // A line that cannot be wrapped stays as it is.
    const wide = wideComments(lines.join('\n')).find((number) => !skipped.has(lines[number - 1] ?? ''))
    if (wide === undefined) return lines.join('\n')
    const wrapped = wrapLine(lines, wide - 1)
    if (wrapped === undefined) skipped.add(lines[wide - 1] ?? '')
    else lines = wrapped
  }
}

function wrapLine(lines: readonly string[], at: number): string[] | undefined {
  const line = lines[at] ?? ''
  const [, indent = '', text = ''] = /^(\s*)(.*)$/.exec(line) ?? []
  const [, only] = /^\/\*\*? (.*?) ?\*\/$/.exec(text) ?? []
  if (only !== undefined) {
    return lines.toSpliced(at, 1, `${indent}/**`, ...fill(only, `${indent} * `), `${indent} */`)
  }
  const [, first] = /^\/\*\* (.*)$/.exec(text) ?? []
  if (first !== undefined) return lines.toSpliced(at, 1, `${indent}/**`, `${indent} * ${first}`)
  if (text.startsWith('// ')) return fillParagraph(lines, at, `${indent}// `)
  if (text.startsWith('* ')) return fillParagraph(lines, at, `${indent}* `)
  const [, code = '', behind] = /^(\S.*?)\s+\/\/ (.*)$/.exec(text) ?? []
  if (behind !== undefined) return lines.toSpliced(at, 1, ...fill(behind, `${indent}// `), `${indent}${code}`)
  return undefined
}

/** Fills the lines from `at` to the end of their paragraph. All of these lines begin with the prefix. */
function fillParagraph(lines: readonly string[], at: number, prefix: string): string[] {
  const texts = lines
    .slice(at)
    .map((line) => (line.startsWith(prefix) ? line.slice(prefix.length) : undefined))
  const isItem = /^([-*+]|\d+\.) /.test(texts[0] ?? '')
  const end = texts.findIndex((text, index) => index > 0 && !continues(text, isItem))
  const paragraph = texts.slice(0, end === -1 ? undefined : end)
  // A block may end right after its last word.
  const closed = prefix.trim() === '*' && (paragraph.at(-1) ?? '').endsWith('*/')
  const filled = fill(paragraph.join(' ').replace(/\s*\*\/$/, ''), prefix, isItem ? '  ' : '')
  const close = closed ? [`${prefix.slice(0, -2)}*/`] : []
  return lines.toSpliced(at, paragraph.length, ...filled, ...close)
}

/**
 * Returns whether a line continues the paragraph before it: it is not a blank line, item, tag, table, heading
 * or code.
 */
function continues(text: string | undefined, isItem: boolean): boolean {
  if (text === undefined || text.trim() === '') return false
  if (/^\s/.test(text)) return isItem
  return !isItem && !/^([-*+|#@]|\d+\. |```)/.test(text)
}

function fill(text: string, prefix: string, hanging = ''): string[] {
  const filled: string[] = []
  let line = prefix
  let isEmpty = true
  for (const word of text.trim().split(/\s+/)) {
    if (!isEmpty && line.length + 1 + word.length > widest) {
      filled.push(line)
      line = prefix + hanging
      isEmpty = true
    }
    line += isEmpty ? word : ` ${word}`
    isEmpty = false
  }
  return [...filled, line]
}
