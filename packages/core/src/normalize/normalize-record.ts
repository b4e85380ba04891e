import { normalizeFields } from './generated/normalize-fields.ts'
import type { NormalizedRecord } from './normalized-record.ts'
import { readOtherNames } from './read-other-names.ts'
import type { Findings } from './read-value.ts'

/** Returns the normalized form of a parsed record. Never throws. */
export function normalizeRecord(record: Readonly<Record<string, unknown>>): NormalizedRecord {
  const findings: Findings = { known: 0, extra: new Map() }
  const fields = normalizeFields(record, findings)
  const names = Object.keys(record)
  if (names.length !== findings.known) readOtherNames(record, names, fields, findings)
  return { fields, extra: findings.extra }
}
