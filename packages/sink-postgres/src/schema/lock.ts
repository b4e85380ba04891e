import { literal } from './tables.ts'

/**
 * Returns a statement that waits until no other transaction changes or writes to the schema. The end of the
 * transaction releases the lock, so that a pooler can be used.
 */
export function lockStatement(schema: string): string {
  return `select pg_advisory_xact_lock(hashtextextended(${literal(`cdrstream ${schema}`)}, 0))`
}
