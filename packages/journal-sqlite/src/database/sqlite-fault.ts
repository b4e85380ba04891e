/** The kind of error that SQLite reports. Codes: https://sqlite.org/rescode.html */
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

/** Returns the kind of fault, or undefined if the error is not a SQLite error. */
export function sqliteFault(error: unknown): SqliteFault | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number')
    return undefined
  // The low byte of an extended code is its primary code.
  return faults.get(error.errcode & 0xff) ?? 'other'
}
