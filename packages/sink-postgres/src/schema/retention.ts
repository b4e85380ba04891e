import type { Connection } from '../connection/connection.ts'
import { firstDayMs, type Month, monthAfter } from './months.ts'
import { quoted } from './tables.ts'

const dayMs = 86_400_000

/**
 * Returns the retention cutoff, in milliseconds since 1970: months that end by then have expired. It is
 * bounded by the newest home in the table, so that a clock that is far ahead drops nothing more, and the
 * newest home's month never expires.
 */
export function expiryCutoffMs(
  retentionMs: number,
  newestHome: string,
  nowMs = Number.POSITIVE_INFINITY,
): number {
  return Math.min(nowMs, Date.parse(newestHome) + dayMs) - retentionMs
}

export function isExpired(month: Month, cutoffMs: number): boolean {
  return firstDayMs(monthAfter(month)) <= cutoffMs
}

/** Returns the newest home in the table, or undefined if it is empty. The primary key makes this fast. */
export async function readNewestHome(connection: Connection, schema: string): Promise<string | undefined> {
  const [row] = await connection.query<{ home: string | null }>(
    `select max(home)::text as home from ${quoted(schema)}.record`,
  )
  return row?.home ?? undefined
}
