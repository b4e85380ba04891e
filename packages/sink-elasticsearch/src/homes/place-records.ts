import type { CdrRecord, Refusal } from '@cdrstream/plugin'
import type { PlacedRecord } from '../bulk/build-bulk-request.ts'
import type { RecordSlice } from '../bulk/slice-records.ts'
import { documentId } from '../document/document-id.ts'
import type { IndexNames } from '../indices/index-names.ts'
import type { Server } from '../server/server.ts'
import { findHomes } from './find-homes.ts'
import { isHomeDoubtful } from './is-home-doubtful.ts'

export interface Placement {
  readonly placed: readonly PlacedRecord[]
  readonly refused: readonly Refusal[]
}

const day = /^2\d{3}-\d{2}-\d{2}$/

/** Gives each record its document and its index: by its home, or, if that is doubtful, where it is already. */
export async function placeRecords(
  { records, begin }: RecordSlice,
  {
    server,
    names,
    journalKnowsSinceMs,
    signal,
  }: {
    readonly server: Server
    readonly names: IndexNames
    readonly journalKnowsSinceMs: number
    readonly signal: AbortSignal
  },
): Promise<Placement> {
  const placed: PlacedRecord[] = []
  const refused: Refusal[] = []
  const doubtful: string[] = []
  const indexOfHome = new Map<string, string>()
  for (const [at, record] of records.entries()) {
    const index = begin + at
    const { org, key, home } = record
    if (!day.test(home)) {
      refused.push({ index, reason: 'its home is not a day from the year 2000 on' })
      continue
    }
    const indexName = indexOfHome.get(home) ?? names.monthly(home)
    indexOfHome.set(home, indexName)
    const id = documentId(org, key)
    placed.push({ record, index, id, indexName, home })
    if (mayHaveElder(record, journalKnowsSinceMs)) doubtful.push(id)
  }
  if (doubtful.length === 0) return { placed, refused }
  const known = await findHomes(server, names, doubtful, signal)
  return { placed: placed.map((record) => ({ ...record, ...known.get(record.id) })), refused }
}

function mayHaveElder(record: CdrRecord, journalKnowsSinceMs: number): boolean {
  try {
    return isHomeDoubtful(record, journalKnowsSinceMs)
  } catch {
    // Its text cannot be read: it is refused when it is encoded.
    return false
  }
}
