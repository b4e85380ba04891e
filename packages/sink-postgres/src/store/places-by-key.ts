import type { TableRow } from '../rows/row-encoder.ts'

/**
 * The index of each row, by org and key. The maps are nested because two lookups are faster than building a
 * combined key.
 */
export type PlacesByKey = ReadonlyMap<string, ReadonlyMap<string, number>>

export function placesByKey(rows: readonly TableRow[]): PlacesByKey {
  const orgs = new Map<string, Map<string, number>>()
  for (const [place, { record }] of rows.entries()) {
    const places = orgs.get(record.org)
    if (places === undefined) orgs.set(record.org, new Map([[record.key, place]]))
    else places.set(record.key, place)
  }
  return orgs
}
