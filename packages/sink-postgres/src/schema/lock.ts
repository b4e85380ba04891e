import { literal } from './tables.ts'

/** One at a time changes a schema or writes into it; given back at the end of the transaction, so that a pooler may stand between. */
export function lockStatement(schema: string): string {
  return `select pg_advisory_xact_lock(hashtextextended(${literal(`cdrstream ${schema}`)}, 0))`
}
