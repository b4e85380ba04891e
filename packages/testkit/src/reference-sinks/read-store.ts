import type { ShownRecord } from '../sink-certification.ts'
import { parseStore, readText, type StoredRecord } from './store-file.ts'

/**
 * Returns what a reader of a reference sink's file sees: the highest revision of each key in each partition.
 * A record that was written twice is returned twice.
 */
export async function readReferenceStore(path: string): Promise<readonly ShownRecord[]> {
  const shown = new Map<string, readonly StoredRecord[]>()
  for (const record of parseStore(await readText(path)).flatMap(({ records }) => records)) {
    const place = JSON.stringify([record.org, record.key, record.partition])
    const before = shown.get(place) ?? []
    const rank = before[0]?.rank ?? Number.NEGATIVE_INFINITY
    if (record.rank > rank) shown.set(place, [record])
    if (record.rank === rank) shown.set(place, [...before, record])
  }
  return [...shown.values()].flat().map(({ extra, ...record }) => ({ ...record, extra: new Map(extra) }))
}
