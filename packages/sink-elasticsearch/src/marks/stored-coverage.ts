import type { MarkGapReason, StoredMark } from '@cdrstream/plugin'
import { z } from 'zod'

/** An org's document in the index `cdr-coverage`. Times are text in ISO 8601. */
export interface CoverageDocument {
  readonly org: string
  readonly complete_through: string
  readonly gaps: readonly CoverageGap[]
}

interface CoverageGap {
  readonly from: string
  readonly to: string
  /** Missing in documents from earlier versions, whose gaps were all `not-collected`. */
  readonly reason?: MarkGapReason
}

export function encodeCoverage(org: string, { completeThroughMs, gaps }: StoredMark): CoverageDocument {
  return {
    org,
    complete_through: timeText(completeThroughMs),
    gaps: gaps.map(({ fromMs, toMs, reason }) => ({ from: timeText(fromMs), to: timeText(toMs), reason })),
  }
}

const time = z
  .string()
  .transform((text) => Date.parse(text))
  .refine((ms) => !Number.isNaN(ms))

const document = z.object({
  complete_through: time,
  gaps: z
    .array(
      z.object({
        from: time,
        to: time,
        reason: z.enum(['not-collected', 'doubtful', 'refused', 'not-delivered']).default('not-collected'),
      }),
    )
    .default([]),
})

/**
 * Returns the mark in a document, or undefined if the sink did not write it. The next mark then replaces it.
 */
export function readCoverage(source: unknown): StoredMark | undefined {
  const { data } = document.safeParse(source)
  if (data === undefined) return undefined
  const gaps = data.gaps.map(({ from, to, reason }) => ({ fromMs: from, toMs: to, reason }))
  return { completeThroughMs: data.complete_through, gaps }
}

function timeText(ms: number): string {
  return new Date(ms).toISOString()
}
