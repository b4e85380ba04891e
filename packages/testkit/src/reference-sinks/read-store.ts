import type { ShownRecord } from '../sink-certification.ts'
import { parseStore, readText, type StoredRecord } from './store-file.ts'

/** What a reader of a reference sink's file is shown: of each key and partition the highest revision; what was written twice, twice. */
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
