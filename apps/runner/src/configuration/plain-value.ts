import { type Document, isAlias, isMap, isScalar, isSeq, type Node } from 'yaml'
import type { Path, Place } from './place.ts'
import type { Problem } from './problem.ts'
import { type SubstitutedValue, type Surroundings, substitute, type UnresolvedReason } from './substitute.ts'

/** Decides whether a `${…}` that cannot be replaced stays as it is written. */
export type MayStay = (path: Path, reason: UnresolvedReason) => boolean

/** The value of a YAML document, and the position of each of its parts. */
export interface PlainValue {
  /**
   * Objects without a prototype, arrays, strings, numbers and booleans; null is undefined. `${…}` is
   * replaced.
   */
  readonly value: unknown
  readonly problems: readonly Problem[]
  /** The paths of strings whose `${…}` stayed as it is written. */
  readonly unresolved: readonly Path[]
  /** All values that were substituted for a `${…}`. */
  readonly substituted: readonly SubstitutedValue[]
  /** Returns the position of a key or a value, or of the closest value around it. */
  placeOf(path: Path, part: Problem['part']): Place
  /** Returns the text as it is written, before `${…}` was replaced, or undefined for anything but text. */
  writtenAt(path: Path): string | undefined
  /** All strings as they are written, by their paths in JSON. */
  readonly written: ReadonlyMap<string, string>
}

/**
 * More than any real configuration has. A limit is needed because nested anchors can turn a small text into
 * an enormous value.
 */
const mostNodes = 100_000

export function plainValue(
  document: Document.Parsed,
  placeAt: (offset: number) => Place,
  surroundings: Surroundings,
  mayStay: MayStay,
): PlainValue {
  const reader = new Reader(document, surroundings, mayStay)
  const value = reader.read(document.contents, [], undefined)
  return {
    value,
    problems: reader.problems,
    unresolved: reader.unresolved,
    substituted: reader.substituted,
    placeOf: (path, part) => placeAt(reader.offsetOf(path, part)),
    written: reader.written,
    writtenAt: (path) => reader.written.get(JSON.stringify(path)),
  }
}

class Reader {
  readonly problems: Problem[] = []
  readonly unresolved: Path[] = []
  readonly substituted: SubstitutedValue[] = []
  readonly written = new Map<string, string>()
  readonly #document: Document.Parsed
  readonly #surroundings: Surroundings
  readonly #mayStay: MayStay
  readonly #keys = new Map<string, number>()
  readonly #values = new Map<string, number>()
  readonly #open = new Set<Node>()
  #nodes = 0

  constructor(document: Document.Parsed, surroundings: Surroundings, mayStay: MayStay) {
    this.#document = document
    this.#surroundings = surroundings
    this.#mayStay = mayStay
  }

  offsetOf(path: Path, part: Problem['part']): number {
    const id = JSON.stringify(path)
    const offset = (part === 'key' ? this.#keys.get(id) : undefined) ?? this.#values.get(id)
    return offset ?? (path.length === 0 ? 0 : this.offsetOf(path.slice(0, -1), 'value'))
  }

  /** `anchoredAt` is the position of the alias that refers to this node. */
  read(node: Node | null, path: Path, anchoredAt: number | undefined): unknown {
    if (node === null) return undefined
    this.#nodes += 1
    const offset = anchoredAt ?? node.range?.[0] ?? 0
    this.#values.set(JSON.stringify(path), offset)
    if (this.#open.has(node) || this.#nodes > mostNodes) {
      this.problems.push({ path, part: 'value', message: 'expected a value, found too many aliases' })
      return undefined
    }
    this.#open.add(node)
    const value = this.#readKind(node, path, isAlias(node) ? offset : anchoredAt)
    this.#open.delete(node)
    return value
  }

  #readKind(node: Node, path: Path, anchoredAt: number | undefined): unknown {
    if (isAlias(node)) return this.read(node.resolve(this.#document) ?? null, path, anchoredAt)
    if (isSeq<Node>(node)) {
      return node.items.map((item, index) => this.read(item, [...path, index], anchoredAt))
    }
    if (isMap<Node, Node | null>(node)) {
      const object: Record<string, unknown> = Object.create(null)
      for (const { key, value } of node.items) {
        const name = String(isScalar(key) ? key.value : key)
        const at = [...path, name]
        this.#keys.set(JSON.stringify(at), anchoredAt ?? key.range?.[0] ?? 0)
        object[name] = this.read(value, at, anchoredAt)
      }
      return object
    }
    return isScalar(node) ? this.#readScalar(node.value, path) : undefined
  }

  #readScalar(value: unknown, path: Path): unknown {
    if (typeof value !== 'string') return value ?? undefined
    this.written.set(JSON.stringify(path), value)
    const result = substitute(value, this.#surroundings)
    switch (result.kind) {
      case 'text':
        this.substituted.push(...result.used)
        return result.text
      case 'unresolved':
        if (this.#mayStay(path, result.reason)) {
          this.unresolved.push(path)
          return value
        }
        for (const message of result.messages) this.problems.push({ path, part: 'value', message })
        return undefined
    }
  }
}
