import type { CdrRecord, Refusal } from '@cdrstream/plugin'
import type { TableRow } from '../rows/row-encoder.ts'
import type { RowForm } from '../rows/row-form.ts'
import { isDay } from '../schema/months.ts'

/** With the org included, a primary key entry can have at most 2,704 bytes. */
const maxKeyCharacters = 500
const maxOrgCharacters = 300

export interface BatchRows {
  /** Sorted by key, because the server inserts sorted entries into an index faster. */
  readonly rows: readonly TableRow[]
  /** Records whose key or home cannot be stored, so that they cannot be looked up either. */
  readonly refused: readonly Refusal[]
}

/** Returns the records of a batch as rows. Async, so that this work overlaps with the server's. */
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
  if (!isKeyText(org, maxOrgCharacters) || !isKeyText(key, maxKeyCharacters))
    return 'its key is too long or contains characters that PostgreSQL cannot store'
  return isDay(home) ? undefined : 'its home is not a day'
}

/** Returns the newest row for each key. The rows must be sorted by key. */
export function newestOfEachKey(rows: readonly TableRow[]): readonly TableRow[] {
  return rows.filter((row, at) => !isSameKey(row.record, rows[at + 1]?.record))
}

/** Returns one row for each revision. The rows must be sorted by key. */
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
 * Five code units below 128 (larger ones count as 127) and an index fit in 52 bits, so the number is exact.
 */
const sortedUnits = 5
const unitLimit = 128
const maxSortedRows = 1 << 17

/**
 * Sorts rows by key. First sorts numbers made from the first code units and the index, because most keys
 * differ in these units and sorting numbers is several times faster than sorting strings.
 */
function inKeyOrder(rows: readonly TableRow[]): readonly TableRow[] {
  if (rows.length > maxSortedRows) return rows.toSorted(byKey)
  const numbers = new Float64Array(rows.length)
  for (const [place, { record }] of rows.entries())
    numbers[place] = beginningOf(record.key) * maxSortedRows + place
  const sorted: TableRow[] = []
  for (const number of numbers.sort()) sorted.push(rows[number % maxSortedRows] as TableRow)
  return sorted.sort(byKey)
}

function beginningOf(key: string): number {
  let beginning = 0
  for (let at = 0; at < sortedUnits; at += 1)
    beginning = unitLimit * beginning + (at < key.length ? Math.min(key.charCodeAt(at), unitLimit - 1) : 0)
  return beginning
}

/** Ignores homes, because few of them differ within a batch. */
function byKey({ record: a }: TableRow, { record: b }: TableRow): number {
  if (a.key < b.key) return -1
  if (a.key > b.key) return 1
  if (a.org !== b.org) return a.org < b.org ? -1 : 1
  return a.rank - b.rank
}

function isKeyText(text: string, maxCharacters: number): boolean {
  return text.length <= maxCharacters && text.isWellFormed() && !text.includes('\0')
}
