import type { PageBounds } from '@cdrstream/source-webex'

/** An item on a page: its value, or the fact that it cannot be parsed. */
export type ExpectedItem =
  | { readonly kind: 'parsed'; readonly text: string; readonly value: unknown }
  | { readonly kind: 'unreadable'; readonly text: string }

type ExpectedSplit =
  | { readonly kind: 'items'; readonly items: readonly ExpectedItem[] }
  | { readonly kind: 'malformed' | 'too-large' }

class PageError extends Error {
  readonly kind: 'malformed' | 'too-large'

  constructor(kind: PageError['kind']) {
    super(kind)
    this.kind = kind
  }
}

/**
 * Returns the items that a simple parser finds in the entire page as one string. It is the reference for the
 * streaming parser.
 */
export function splitPlainly(page: string, bounds: PageBounds): ExpectedSplit {
  try {
    return { kind: 'items', items: new PlainReader(page, bounds).read() }
  } catch (error) {
    if (error instanceof PageError) return { kind: error.kind }
    throw error
  }
}

const quoted = /"[^"\\]*(?:\\[\s\S][^"\\]*)*"/y
const inNested = /"[^"\\]*(?:\\[\s\S][^"\\]*)*"|[{}[\]]|[^"{}[\]]+/y
const scalar = /[^,\]} \t\r\n]+/y
const blank = /[ \t\r\n]*/y

class PlainReader {
  readonly #page: string
  readonly #bounds: PageBounds
  #at = 0

  constructor(page: string, bounds: PageBounds) {
    this.#page = page
    this.#bounds = bounds
  }

  read(): readonly ExpectedItem[] {
    let items: readonly ExpectedItem[] | undefined
    let others = -1
    this.#list('{', '}', () => {
      others += 1
      if (others > this.#bounds.otherKeys) throw new PageError('too-large')
      const key = this.#member()
      this.#skip(':')
      if (key === 'items' && this.#page[this.#at] === '[') items = this.#items()
      else {
        this.#member()
        if (key === 'items') items = undefined
      }
      if (typeof key !== 'string') throw new PageError('malformed')
    })
    if (this.#at < this.#page.length || items === undefined) throw new PageError('malformed')
    return items
  }

  #items(): readonly ExpectedItem[] {
    const items: ExpectedItem[] = []
    this.#list('[', ']', () => {
      if (items.length === this.#bounds.items) throw new PageError('too-large')
      items.push(this.#item())
    })
    return items
  }

  /** Reads everything between two brackets, separated by commas. */
  #list(open: string, close: string, element: () => void): void {
    this.#skip(open)
    if (this.#page[this.#at] !== close) {
      element()
      while (this.#blank() === ',') {
        this.#skip(',')
        element()
      }
    }
    this.#skip(close)
  }

  #item(): ExpectedItem {
    const text = this.#text()
    const value = isTooLarge(text, this.#bounds) ? undefined : parsed(text)
    return value === undefined ? { kind: 'unreadable', text } : { kind: 'parsed', text, value }
  }

  /** Reads a key, or a value other than the items. */
  #member(): unknown {
    const text = this.#text()
    if (isTooLarge(text, this.#bounds)) throw new PageError('too-large')
    const value = parsed(text)
    return value === undefined ? fail() : value
  }

  #text(): string {
    switch (this.#page[this.#at]) {
      case '"':
        return this.#match(quoted)
      case '{':
      case '[': {
        let text = ''
        let depth = 0
        do {
          const part = this.#match(inNested)
          if (part === '{' || part === '[') depth += 1
          if (part === '}' || part === ']') depth -= 1
          text += part
        } while (depth > 0)
        return text
      }
      default:
        return this.#match(scalar)
    }
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at
    const [text] = pattern.exec(this.#page) ?? fail()
    this.#at += text.length
    return text
  }

  #blank(): string | undefined {
    this.#match(blank)
    return this.#page[this.#at]
  }

  #skip(expected: string): void {
    if (this.#blank() !== expected) fail()
    this.#at += 1
    this.#blank()
  }
}

function fail(): never {
  throw new PageError('malformed')
}

/** Returns the parsed value, or undefined if the text is not JSON. No JSON value is undefined. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isTooLarge(text: string, { itemBytes, itemMarks, itemDepth }: PageBounds): boolean {
  if (text.length < Math.min(itemBytes / 3, itemMarks, itemDepth)) return false
  const marks = text.replace(/"[^"\\]*(?:\\[\s\S][^"\\]*)*"/g, '').replace(/[^{}[\],:]/g, '')
  let depth = 0
  let deepest = 0
  for (const mark of marks) {
    if (mark === '{' || mark === '[') depth += 1
    if (mark === '}' || mark === ']') depth -= 1
    deepest = Math.max(deepest, depth)
  }
  return (
    Buffer.byteLength(text) > itemBytes ||
    marks.replace(/[}\]]/g, '').length > itemMarks ||
    deepest > itemDepth
  )
}
