import type { DatabaseSync } from 'node:sqlite'
import { prepare } from '../database/statement.ts'
import { dayText } from '../remembered/utc-day.ts'
import { packRevisions } from '../tables/revision-table.ts'
import { runTable } from '../tables/run-table.ts'
import { unpackText } from './unpack-text.ts'

interface RevisionRow {
  readonly orgId: number
  readonly key: Uint8Array
  readonly fingerprint: Uint8Array
  readonly rank: number
  readonly home: number
}

/** Limits the memory that the migration needs. */
const rowsOfRun = 1 << 14

/** Migrates to version 3: converts the rows of remembered revisions into sorted runs. */
export function sortRevisions(database: DatabaseSync): void {
  for (const generation of [0, 1] as const) {
    database.exec(`
      CREATE TABLE run_${generation} (
        first_chunk INTEGER PRIMARY KEY,
        entries INTEGER NOT NULL,
        -- The first id of each chunk.
        fences BLOB NOT NULL,
        -- A Bloom filter of the ids.
        filter BLOB NOT NULL
      ) STRICT;
      CREATE TABLE chunk_${generation} (number INTEGER PRIMARY KEY, entries BLOB NOT NULL) STRICT`)
    const table = runTable(database, generation)
    const select = prepare<RevisionRow>(
      database,
      `SELECT org_id AS orgId, key, fingerprint, rank, home FROM revision_${generation}
       WHERE (org_id, key, fingerprint) > (?, ?, ?) ORDER BY org_id, key, fingerprint LIMIT ${rowsOfRun}`,
    )
    let rows = select.all(-1, Buffer.alloc(0), Buffer.alloc(0))
    for (let runs = table.runs(); rows.length > 0; runs = table.runs()) {
      const ofOrgs = Map.groupBy(rows, ({ orgId }) => orgId)
      const entries = [...ofOrgs].map(([orgId, ofOrg]) => packRevisions(orgId, ofOrg.map(unpacked)))
      table.write(Buffer.concat(entries), runs)
      const last = rows.at(-1)
      rows = last === undefined ? [] : select.all(last.orgId, last.key, last.fingerprint)
    }
    database.exec(`DROP TABLE revision_${generation}`)
  }
}

function unpacked({ key, fingerprint, rank, home }: RevisionRow) {
  return { key: unpackText(key), fingerprint: unpackText(fingerprint), rank, home: dayText(home) }
}
