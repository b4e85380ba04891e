import type { CdrRecord } from '@cdrstream/plugin'
import type { ShownRecord } from '../sink-certification.ts'

/** The ways in which a destination may fold keys, from the finest to the coarsest. */
const folds: readonly ((key: string) => string)[] = [
  (key) => key.toLowerCase(),
  (key) => key.replaceAll(/\s+/g, ''),
  (key) => key.slice(0, 64),
  (key) => (Number.isFinite(Number(key)) ? String(Number(key)) : key),
  (key) => key.toLowerCase().replaceAll(/[^a-z0-9]/g, ''),
]

/** Returns a shown record whose key is so similar that the sink may have confused the two. */
export function lookalikeOf(record: CdrRecord, shown: readonly ShownRecord[]): ShownRecord | undefined {
  const others = shown.filter(({ org, key }) => org === record.org && key !== record.key)
  for (const fold of folds) {
    const found = others.find(({ key }) => fold(key) === fold(record.key))
    if (found !== undefined) return found
  }
  return undefined
}

/** Returns the record with a different key that was sent with the shown rank. */
export function ownerOf(shown: ShownRecord, sent: readonly CdrRecord[]): CdrRecord | undefined {
  return sent.find(({ org, key, rank }) => org === shown.org && key !== shown.key && rank === shown.rank)
}
