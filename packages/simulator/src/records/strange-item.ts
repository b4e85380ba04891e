import { type Chance, uuidOf } from '../chance.ts'

/** Returns the JSON text of an item that is not a record, or of a record with unusual content. */
export function strangeItem(chance: Chance, atMs: number): string {
  const id = `"Report ID":"${uuidOf(chance)}"`
  const mark = chance.hex(12)
  const time = new Date(atMs).toISOString()
  const timeWithoutZone = time.slice(0, 23).replace('T', ' ')
  return chance.oneOf([
    'null',
    String(chance.integer(0, 1e9)),
    'true',
    JSON.stringify(`text ${mark}`),
    `["${mark}",{"Report ID":"${mark}"}]`,
    '{}',
    `{"Start time":"${time}","Duration":3,"Location":"no Report ID ${mark}"}`,
    `{"Report ID":"","Start time":"${time}","Location":"empty Report ID ${mark}"}`,
    `{${id},"A new field":{"nested":["${mark}",1,null]},"Another":true}`,
    `{${id},"User":"nul \\u0000 and a lone surrogate \\ud800","Duration":"12"}`,
    `{${id},"__proto__":{"polluted":"${mark}"},"constructor":"x","toString":1}`,
    `{${id},"Report time":"${timeWithoutZone}","Release time":"${timeWithoutZone}","Duration":"unknown"}`,
    `{ ${id} ,\n  "User" : "spread over lines, with } and ] and \\" inside" }`,
  ])
}
