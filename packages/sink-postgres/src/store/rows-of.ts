import type { CdrRecord, Refusal } from '@cdrstream/plugin'
import type { TableRow } from '../rows/row-encoder.ts'
import type { RowForm } from '../rows/row-form.ts'
import { isDay } from '../schema/months.ts'

/** An entry of the primary key, with the org, has at most 2,700 bytes. */
const mostKeyCharacters = 500
const mostOrgCharacters = 300

export interface BatchRows {
  /** In the order of the primary key: the server inserts them into its index faster than in any other. */
  readonly rows: readonly TableRow[]
  /** Records with a key or a home that no column can hold: they cannot even be looked up. */
  readonly refused: readonly Refusal[]
}

/**
 * Returns the records of a batch as rows. A promise, so that they can be made while the server is working.
 */
export async function rowsOf(
  records: readonly CdrRecord[],
  forms: ReadonlyMap<CdrRecord, RowForm>,
): Promise<BatchRows> {
  const rows: TableRow[] = []
  const refused: Refusal[] = []
  for (const [index, record] of records.entries()) {
    const problem = problemOf(record)
    if (problem === undefined) rows.push({ index, record, home: record.home, form: forms.get(record) })
    else refused.push({ index, reason: problem })
  }
  return { rows: inKeyOrder(rows), refused }
}

function problemOf({ org, key, home }: CdrRecord): string | undefined {
  if (!isKeyText(org, mostOrgCharacters) || !isKeyText(key, mostKeyCharacters))
    return 'its key is too long, or is not a text that PostgreSQL can hold'
  return isDay(home) ? undefined : 'its home is not a day'
}

/** Returns the newest row of each key, from rows in the order of their keys. */
export function newestOfEachKey(rows: readonly TableRow[]): readonly TableRow[] {
  return rows.filter((row, at) => !isSameKey(row.record, rows[at + 1]?.record))
}

/** Returns one row of each revision, from rows in the order of their keys. */
export function distinctRevisions(rows: readonly TableRow[]): readonly TableRow[] {
  return rows.filter(({ record }, at) => {
    const next = rows[at + 1]?.record
    return !isSameKey(record, next) || record.rank !== next?.rank
  })
}

function isSameKey(a: CdrRecord, b: CdrRecord | undefined): boolean {
  return a.key === b?.key && a.org === b.org
}

/**
 * Five units below 128 (larger ones count as 127) and a place make a number below 2 ** 52, which is exact.
 */
const sortedUnits = 5
const unitLimit = 128
const mostSortedRows = 1 << 17

/**
 * Sorts by the first units and the place as one number first: most keys differ there, and numbers are sorted
 * several times faster than texts.
 */
function inKeyOrder(rows: readonly TableRow[]): readonly TableRow[] {
  if (rows.length > mostSortedRows) return rows.toSorted(byKey)
  const numbers = new Float64Array(rows.length)
  for (const [place, { record }] of rows.entries())
    numbers[place] = beginningOf(record.key) * mostSortedRows + place
  const sorted: TableRow[] = []
  for (const number of numbers.sort()) sorted.push(rows[number % mostSortedRows] as TableRow)
  return sorted.sort(byKey)
}

function beginningOf(key: string): number {
  let beginning = 0
  for (let at = 0; at < sortedUnits; at += 1)
    beginning = unitLimit * beginning + (at < key.length ? Math.min(key.charCodeAt(at), unitLimit - 1) : 0)
  return beginning
}

/** Without homes: they differ less within a batch than keys do. */
function byKey({ record: a }: TableRow, { record: b }: TableRow): number {
  if (a.key < b.key) return -1
  if (a.key > b.key) return 1
  if (a.org !== b.org) return a.org < b.org ? -1 : 1
  return a.rank - b.rank
}

function isKeyText(text: string, mostCharacters: number): boolean {
  return text.length <= mostCharacters && text.isWellFormed() && !text.includes('\0')
}
