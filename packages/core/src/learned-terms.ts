import type { Terms } from './terms.ts'

/**
 * Terms that are tighter than configured, as refusals have shown. Null: as configured, as far as is known.
 */
export interface LearnedTerms {
  readonly retentionMs: number | null
  readonly maxWindowMs: number | null
  /**
   * When it was learned, in milliseconds. After the retention it is forgotten: a wrong conclusion does not
   * last.
   */
  readonly atMs: number
}

/** Neither term is learned to be less than this part of what is configured. */
export const leastRetention = 1 / 2
export const leastWindow = 1 / 8

/** Returns the terms to plan with: the tighter of what is configured and what was learned. */
export function withLearned(terms: Terms, learned: LearnedTerms | undefined): Terms {
  if (learned === undefined) return terms
  const { retentionMs, maxWindowMs } = learned
  const { stream } = terms
  return {
    ...terms,
    stream: {
      ...stream,
      retentionMs: Math.min(stream.retentionMs, retentionMs ?? stream.retentionMs),
      maxWindowMs: Math.min(stream.maxWindowMs, maxWindowMs ?? stream.maxWindowMs),
    },
  }
}
