import { catalogue } from '@cdrstream/catalogue'

/** The fields of a record, by their names in the API. Omitted fields are empty. */
export type Fields = Readonly<Record<string, string | number>>

/** The usual values of fields, including the observed null markers (docs/api/webex-cdr-api.md, section 9). */
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

/** A record has all keys, in the observed order. Most of them are empty. */
const blank: Fields = Object.fromEntries(catalogue.map(({ name }) => [name, usual[name] ?? '']))

const times = catalogue.filter(({ type }) => type === 'timestamp').map(({ name }) => name)

/** Returns the JSON text of a record. In `fields`, times are numbers: milliseconds after `zeroMs`. */
export function recordText(fields: Fields, zeroMs: number): string {
  const record: Record<string, string | number> = { ...blank, ...fields }
  for (const name of times) {
    const value = record[name]
    if (typeof value === 'number') record[name] = new Date(zeroMs + value).toISOString()
  }
  return JSON.stringify(record)
}
