import type { Position } from '@cdrstream/plugin'
import { pathSegment } from './path-segment.ts'

const tagCharacters = 8
const offsetDigits = 12

/** The parts of a published file's name. */
export interface NamedSpan {
  /** The first characters of the journal's incarnation. */
  readonly journal: string
  readonly fromOffset: number
  readonly toOffset: number
}

/** Returns the name of a span's files, without a suffix. Names from one journal sort by position. */
export function spanName(from: Position, to: Position): string {
  const offsets = [from, to].map(({ offset }) => String(offset).padStart(offsetDigits, '0'))
  return [journalTag(from.incarnation), ...offsets].join('-')
}

/** Returns the prefix that the names of a journal's files share. */
export function journalTag(incarnation: string): string {
  return pathSegment(incarnation.slice(0, tagCharacters))
}

/** Parses the name of a published file. Returns undefined if the file does not belong to the sink. */
export function readSpanName(name: string): NamedSpan | undefined {
  const [, journal, from, to] = /^(.+)-(\d{12,})-(\d{12,})\.ndjson(?:\.zst|\.gz)?$/.exec(name) ?? []
  if (journal === undefined) return undefined
  return { journal, fromOffset: Number(from), toOffset: Number(to) }
}
