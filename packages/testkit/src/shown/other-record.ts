import type { CdrRecord } from '@cdrstream/plugin'
import type { ShownRecord } from '../sink-certification.ts'

/** What a destination may fold keys by, from the finest to the coarsest. */
const folds: readonly ((key: string) => string)[] = [
  (key) => key.toLowerCase(),
  (key) => key.replaceAll(/\s+/g, ''),
  (key) => key.slice(0, 64),
  (key) => (Number.isFinite(Number(key)) ? String(Number(key)) : key),
  (key) => key.toLowerCase().replaceAll(/[^a-z0-9]/g, ''),
]

/** Returns the shown record that may have been taken for this one, since the keys differ little. */
export function lookalikeOf(record: CdrRecord, shown: readonly ShownRecord[]): ShownRecord | undefined {
  const others = shown.filter(({ org, key }) => org === record.org && key !== record.key)
  for (const fold of folds) {
    const found = others.find(({ key }) => fold(key) === fold(record.key))
    if (found !== undefined) return found
  }
  return undefined
}

/** Returns the record of another key that was sent with this revision. */
export function ownerOf(shown: ShownRecord, sent: readonly CdrRecord[]): CdrRecord | undefined {
  return sent.find(({ org, key, rank }) => org === shown.org && key !== shown.key && rank === shown.rank)
}
