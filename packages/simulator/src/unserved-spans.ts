import type { WindowQuery } from './read-query.ts'

/**
 * How a window with an unserved second fails: `bad-request` is a 400, `errors` a 200 with errors instead of
 * items, and `endless` an endless chain of links without items. The others are the faults with the same
 * names.
 */
export type UnservedAs = 'server-error' | 'malformed' | 'cut' | 'hang' | 'bad-request' | 'errors' | 'endless'

/** A span of insertion time that the API cannot serve. */
export interface UnservedSpan {
  readonly fromMs: number
  /** Exclusive. */
  readonly toMs: number
  readonly as: UnservedAs
}

/** Returns how the rest of the query's window fails, or undefined if the rest can be served. */
export function unservedIn(
  spans: readonly UnservedSpan[],
  { startMs, resumeMs, endMs }: WindowQuery,
): UnservedAs | undefined {
  const fromMs = resumeMs ?? startMs
  return spans.find((span) => span.fromMs < endMs && fromMs < span.toMs)?.as
}
