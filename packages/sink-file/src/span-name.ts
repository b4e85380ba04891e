import type { Position } from '@cdrstream/plugin'
import { pathSegment } from './path-segment.ts'

const tagCharacters = 8
const offsetDigits = 12

/** The parts of the name of a published file. */
export interface NamedSpan {
  /** The first characters of the incarnation of the journal. */
  readonly journal: string
  readonly fromOffset: number
  readonly toOffset: number
}

/** Returns the name of the files of a span, without a suffix. Names of one journal sort by position. */
export function spanName(from: Position, to: Position): string {
  const offsets = [from, to].map(({ offset }) => String(offset).padStart(offsetDigits, '0'))
  return [journalTag(from.incarnation), ...offsets].join('-')
}

/** Returns the prefix of the names of a journal's files. */
export function journalTag(incarnation: string): string {
  return pathSegment(incarnation.slice(0, tagCharacters))
}

/** Parses the name of a published file. Returns undefined if the file is not one of this sink. */
export function readSpanName(name: string): NamedSpan | undefined {
  const [, journal, from, to] = /^(.+)-(\d{12,})-(\d{12,})\.ndjson(?:\.zst|\.gz)?$/.exec(name) ?? []
  if (journal === undefined) return undefined
  return { journal, fromOffset: Number(from), toOffset: Number(to) }
}
