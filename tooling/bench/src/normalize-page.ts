import { hash } from 'node:crypto'
import { canonicalContent, normalizeRecord } from '@cdrstream/core'
import { measure, type Ratio } from './measure.ts'
import type { Page } from './page.ts'

/** Normalizing the records of a page against parsing it. */
export async function benchNormalize({ text }: Page): Promise<readonly Ratio[]> {
  const parse = () => (JSON.parse(text) as { items: Record<string, unknown>[] }).items
  const records = parse()
  const normalized = records.map(normalizeRecord)
  const canonical = normalized.map(canonicalContent)
  const baseline = () => void parse()
  const ratio = async (what: string, measured: () => void, goal: Ratio['goal']): Promise<Ratio> => ({
    what,
    goal,
    ...(await measure(40, { baseline, measured })),
  })
  return [
    await ratio('validate and normalize ÷ JSON.parse of the page', () => void records.map(normalizeRecord), {
      kind: 'share-of-time',
      floor: 0.25,
      aim: 0.15,
    }),
    await ratio('canonical content ÷ JSON.parse of the page', () => void normalized.map(canonicalContent), {
      kind: 'reported',
    }),
    await ratio(
      'digest of the canonical content ÷ JSON.parse of the page',
      () => void canonical.map(digest),
      {
        kind: 'reported',
      },
    ),
  ]
}

function digest(text: string): string {
  return hash('sha256', text, 'hex')
}
