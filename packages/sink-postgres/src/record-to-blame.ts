import { errorCode } from '@cdrstream/sink-kit'
import { DatabaseError } from 'pg'

/** SQLSTATEs of data exceptions, broken constraints, and what is too large for a row. */
const dataStates = ['22', '23502', '23514', '54']

/**
 * SQLSTATEs that say nothing about a row, even if COPY was at one: the connection, a transaction, rights,
 * resources, an operator, the system, the files of the server.
 */
const otherStates = ['08', '0A', '25', '28', '40', '42', '53', '55', '57', '58', 'XX001', 'XX002']

/** Whether the server found fault with a row, so that the same row fails again. */
export function blamesRecord(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const state = errorCode(error) ?? ''
  const constraint = 'constraint' in error ? error.constraint : undefined
  // Someone dropped the partition: the server reports a broken constraint and names none. The next session
  // makes it again.
  if (state === '23514' && constraint === undefined) return false
  if (startsWithOneOf(state, dataStates)) return true
  if (copyLine(error) === undefined) return false
  // The primary key of a partition has the server's own name. Any other unique index was added by someone.
  if (state === '23505') return typeof constraint === 'string' && !constraint.endsWith('_pkey')
  return state === '08P01' || !startsWithOneOf(state, otherStates)
}

/**
 * Returns the line of a COPY that the server was at, 1 for the first row; undefined if the error is not about
 * a COPY. The server may have read further than the row that it complains about
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
