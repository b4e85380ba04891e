import { hash } from 'node:crypto'
import { canonicalContent, normalizeRecord } from '@cdrstream/core'
import { median, type Ratio } from './measure.ts'
import type { Page } from './page.ts'

const rounds = 40
const warmUpRounds = 5
/** The records are processed in slices right after parsing, so that other work can run between slices. */
const sliceRecords = 50

/** Compares normalizing a page's records, and computing their fingerprints, with parsing the page. */
export async function benchNormalize({ text, texts }: Page): Promise<readonly Ratio[]> {
  const parse: number[] = []
  const normalize: number[] = []
  const canonical: number[] = []
  const digest: number[] = []
  for (let round = 0; round < rounds + warmUpRounds; round += 1) parse.push(time(() => JSON.parse(text)))
  globalThis.gc?.()
  for (let round = 0; round < rounds + warmUpRounds; round += 1) {
    let [normalizeMs, canonicalMs, digestMs] = [0, 0, 0]
    for (let from = 0; from < texts.length; from += sliceRecords) {
      const values = texts.slice(from, from + sliceRecords).map((record) => JSON.parse(record))
      let normalized: ReturnType<typeof normalizeRecord>[] = []
      let contents: string[] = []
      normalizeMs += time(() => {
        normalized = values.map(normalizeRecord)
      })
      canonicalMs += time(() => {
        contents = normalized.map(canonicalContent)
      })
      digestMs += time(() => contents.map((content) => hash('sha256', content, 'hex')))
    }
    normalize.push(normalizeMs)
    canonical.push(canonicalMs)
    digest.push(digestMs)
  }
  const ratio = (what: string, ms: readonly number[], goal: Ratio['goal']): Ratio => ({
    what: `${what}, in slices of ${sliceRecords} ÷ JSON.parse of the page`,
    baselineMs: median(parse.slice(warmUpRounds)),
    measuredMs: median(ms.slice(warmUpRounds)),
    goal,
  })
  return [
    ratio('validate and normalize', normalize, { kind: 'share-of-time', floor: 0.25, aim: 0.15 }),
    ratio('canonical content', canonical, { kind: 'reported' }),
    ratio('digest of the canonical content', digest, { kind: 'reported' }),
  ]
}

function time(work: () => unknown): number {
  const fromMs = performance.now()
  work()
  return performance.now() - fromMs
}
