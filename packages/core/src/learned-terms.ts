import type { Terms } from './terms.ts'

/** Terms that refusals have shown to be tighter than configured. Null: no tighter term is known. */
export interface LearnedTerms {
  readonly retentionMs: number | null
  readonly maxWindowMs: number | null
  /**
   * When the terms were learned, in milliseconds. They are forgotten after the retention period, so that a
   * wrong conclusion does not last.
   */
  readonly atMs: number
}

/** The smallest learned retention, as a fraction of the configured one. */
export const minRetentionShare = 1 / 2
/** The smallest learned window length, as a fraction of the configured one. */
export const minWindowShare = 1 / 8

/** Returns whether the API may refuse a window because it starts this long before the head. */
export function mayBeTooOld(ageSec: number, { stream }: Terms): boolean {
  return ageSec * 1_000 > stream.retentionMs / 2
}

/** Returns the terms to plan with: for each one, the tighter of the configured and the learned value. */
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
