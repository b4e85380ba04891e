import { type Chance, uuidOf } from '../chance.ts'

export interface StrangeItem {
  readonly text: string
  readonly reportId: string | null
  readonly isRecord: boolean
}

/** What an API may send that keeps no promise: items that are no records, and records of strange content. */
export function strangeItem(chance: Chance, atMs: number): StrangeItem {
  const reportId = uuidOf(chance)
  const id = `"Report ID":"${reportId}"`
  const mark = chance.hex(12)
  const time = new Date(atMs).toISOString()
  return chance.oneOf<() => StrangeItem>([
    () => noRecord('null'),
    () => noRecord(String(chance.integer(0, 1e9))),
    () => noRecord(JSON.stringify(`text ${mark}`)),
    () => noRecord(`["${mark}"]`),
    () => noRecord('{}'),
    () => record(`{"Start time":"${time}","Duration":3,"Location":"no Report ID ${mark}"}`, null),
    () => record(`{${id},"A new field":{"nested":["${mark}",1,null]},"Another":true}`, reportId),
    () => record(`{${id},"User":"nul \\u0000 and a lone surrogate \\ud800","Duration":"12"}`, reportId),
    () => record(`{${id},"__proto__":{"polluted":"${mark}"},"constructor":"x","toString":1}`, reportId),
    () =>
      record(`{${id},"Report time":"${time.slice(0, 23).replace('T', ' ')}","Duration":"unknown"}`, reportId),
    () => record(`{ ${id} ,\n  "User" : "spread over lines, with } and ] and \\" inside" }`, reportId),
  ])()
}

function noRecord(text: string): StrangeItem {
  return { text, reportId: null, isRecord: false }
}

function record(text: string, reportId: string | null): StrangeItem {
  return { text, reportId, isRecord: true }
}
