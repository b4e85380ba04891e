import type { Position } from '@cdrstream/plugin'
import { pathSegment } from './path-segment.ts'

const tagCharacters = 8
const offsetDigits = 12

/** What the name of a published file says. */
export interface NamedSpan {
  /** The beginning of the journal's incarnation. */
  readonly journal: string
  readonly fromOffset: number
  readonly toOffset: number
}

/** Returns the name of a span's files, without an ending. Names of one journal sort in its order. */
export function spanName(from: Position, to: Position): string {
  const offsets = [from, to].map(({ offset }) => String(offset).padStart(offsetDigits, '0'))
  return [journalTag(from.incarnation), ...offsets].join('-')
}

/** Returns what the names of a journal's files begin with. */
export function journalTag(incarnation: string): string {
  return pathSegment(incarnation.slice(0, tagCharacters))
}

/** Reads the name of a published file. Undefined if it is not one of this sink's names. */
export function readSpanName(name: string): NamedSpan | undefined {
  const [, journal, from, to] = /^(.+)-(\d{12,})-(\d{12,})\.ndjson(?:\.zst|\.gz)?$/.exec(name) ?? []
  if (journal === undefined) return undefined
  return { journal, fromOffset: Number(from), toOffset: Number(to) }
}
