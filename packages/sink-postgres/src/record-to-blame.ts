import { errorCode } from '@cdrstream/sink-kit'
import { DatabaseError } from 'pg'

/** SQLSTATEs of data exceptions, violated constraints and exceeded program limits. */
const dataStates = ['22', '23502', '23514', '54']

/**
 * SQLSTATEs that do not concern a row, even during COPY: connection, transaction, privileges, resources,
 * operator intervention, operating system and corrupted files.
 */
const otherStates = ['08', '0A', '25', '28', '40', '42', '53', '55', '57', '58', 'XX001', 'XX002']

/** Returns whether the server rejected a row. The same row would fail again. */
export function blamesRecord(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const state = errorCode(error) ?? ''
  const constraint = 'constraint' in error ? error.constraint : undefined
  // The partition was dropped. The server then reports a violated constraint without naming one, and the next
  // session recreates the partition.
  if (state === '23514' && constraint === undefined) return false
  if (startsWithOneOf(state, dataStates)) return true
  if (copyLine(error) === undefined) return false
  // Names that the server gives to primary keys end in _pkey. Any other unique index is custom.
  if (state === '23505') return typeof constraint === 'string' && !constraint.endsWith('_pkey')
  return state === '08P01' || !startsWithOneOf(state, otherStates)
}

/**
 * Returns the COPY line at which the server reported the error, 1 for the first row, or undefined if the
 * error is not from a COPY. The row that caused the error may be an earlier one
 * (https://www.postgresql.org/docs/18/sql-copy.html).
 */
export function copyLine(error: unknown): number | undefined {
  if (!(error instanceof DatabaseError)) return undefined
  const [, line] = /^COPY \w+, line (\d+)/m.exec(error.where ?? '') ?? []
  return line === undefined ? undefined : Number(line)
}

function startsWithOneOf(state: string, starts: readonly string[]): boolean {
  return starts.some((start) => state.startsWith(start))
}
