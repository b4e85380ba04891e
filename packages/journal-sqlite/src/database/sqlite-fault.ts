/** What kind of trouble SQLite reports. Codes: https://sqlite.org/rescode.html */
export type SqliteFault = 'sql' | 'busy' | 'read-only' | 'io' | 'corrupt' | 'full' | 'cannot-open' | 'other'

const faults: ReadonlyMap<number, SqliteFault> = new Map([
  [1, 'sql'],
  [3, 'cannot-open'],
  [5, 'busy'],
  [8, 'read-only'],
  [10, 'io'],
  [11, 'corrupt'],
  [13, 'full'],
  [14, 'cannot-open'],
  [26, 'corrupt'],
])

/** Undefined for what is no error of SQLite. */
export function sqliteFault(error: unknown): SqliteFault | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number')
    return undefined
  // An extended code has its primary code in the low byte.
  return faults.get(error.errcode & 0xff) ?? 'other'
}
