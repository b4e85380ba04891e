import { hash } from 'node:crypto'
import { canonicalContent, normalizeRecord } from '@cdrstream/core'
import { measure, type Ratio } from './measure.ts'
import type { Page } from './page.ts'

const rounds = 40

/**
 * What normalizing adds to parsing the records of a page one by one, as the source does it, against parsing the page; and what the
 * fingerprint adds to that.
 */
export async function benchNormalize({ text, texts }: Page): Promise<readonly Ratio[]> {
  const parse = (record: string) => JSON.parse(record) as Record<string, unknown>
  const each = (work: (record: string) => unknown) => () => {
    for (const record of texts) work(record)
  }
  const normalize = (record: string) => normalizeRecord(parse(record))
  const page = await measure(rounds, {
    baseline: () => void JSON.parse(text),
    measured: each(parse),
  })
  const normalized = await measure(rounds, {
    baseline: each(parse),
    measured: each(normalize),
  })
  const canonical = await measure(rounds, {
    baseline: each(normalize),
    measured: each((record) => canonicalContent(normalize(record))),
  })
  const contents = texts.map((record) => canonicalContent(normalize(record)))
  const digest = await measure(rounds, {
    baseline: () => void JSON.parse(text),
    measured: () => {
      for (const content of contents) hash('sha256', content, 'hex')
    },
  })
  const added = (what: string, ms: number, goal: Ratio['goal']): Ratio => ({
    what: `${what} ÷ JSON.parse of the page`,
    baselineMs: page.baselineMs,
    measuredMs: ms,
    goal,
  })
  return [
    added('validate and normalize', normalized.measuredMs - normalized.baselineMs, {
      kind: 'share-of-time',
      floor: 0.25,
      aim: 0.15,
    }),
    added('canonical content', canonical.measuredMs - canonical.baselineMs, { kind: 'reported' }),
    added('digest of the canonical content', digest.measuredMs, { kind: 'reported' }),
  ]
}
