import type { WindowQuery } from './read-query.ts'

/**
 * What a window gets that holds an unserved second: `bad-request` is a 400, `errors` a 200 with errors in
 * place of items, `endless` a chain of links that never ends, without items; the others are as the faults of
 * these names.
 */
export type UnservedAs = 'server-error' | 'malformed' | 'cut' | 'hang' | 'bad-request' | 'errors' | 'endless'

export interface UnservedSpan {
  readonly fromMs: number
  /** Not part of it. */
  readonly toMs: number
  readonly as: UnservedAs
}

/** Returns what is wrong with what the query still has to read; undefined: nothing. */
export function unservedIn(
  spans: readonly UnservedSpan[],
  { startMs, resumeMs, endMs }: WindowQuery,
): UnservedAs | undefined {
  const fromMs = resumeMs ?? startMs
  return spans.find((span) => span.fromMs < endMs && fromMs < span.toMs)?.as
}
