import { catalogue } from '@cdrstream/catalogue'

/** The fields of a record by their names on the wire; what is left out is empty. */
export type Fields = Readonly<Record<string, string | number>>

/** What a field holds in most records: null markers as they were seen on the wire (api facts, section 9). */
const usual: Fields = {
  Duration: 0,
  'Hold duration': 0,
  'Ring duration': '0',
  'Called line ID': 'NA',
  'Calling line ID': 'NA',
  'OS type': 'na',
  Model: 'na',
  'Public Calling IP Address': 'NA',
  'Public Called IP Address': 'NA',
  'Auto Attendant Key Pressed': 'NA',
  'WxCC consult merge status': 'NA',
  'Answer reason': 'N/A',
}

/** All keys are on the wire, in the order that was seen; most are empty. */
const blank: Fields = Object.fromEntries(catalogue.map(({ name }) => [name, usual[name] ?? '']))

const times = catalogue.filter(({ type }) => type === 'timestamp').map(({ name }) => name)

/** The JSON text of a record. Times are numbers in `fields`: milliseconds after `zeroMs`. */
export function recordText(fields: Fields, zeroMs: number): string {
  const record: Record<string, string | number> = { ...blank, ...fields }
  for (const name of times) {
    const value = record[name]
    if (typeof value === 'number') record[name] = new Date(zeroMs + value).toISOString()
  }
  return JSON.stringify(record)
}
