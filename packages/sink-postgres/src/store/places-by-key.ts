import type { TableRow } from '../rows/row-encoder.ts'

/**
 * Where each row is in the list, by org and key. Two maps, because there are few orgs, and a lookup by each
 * text is faster than building one text of both.
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
