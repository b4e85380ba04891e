import { z } from 'zod'
import { documentId } from '../document/document-id.ts'
import { createSmallIndex } from '../indices/create-small-index.ts'
import type { IndexNames } from '../indices/index-names.ts'
import { indexPrivilege } from '../server/privileges.ts'
import type { Server } from '../server/server.ts'

export interface JournalMeeting {
  readonly incarnation: string
  /** Whether a monthly index exists already. */
  readonly hasIndices: boolean
  readonly nowMs: number
  readonly signal: AbortSignal
}

const properties = { incarnation: { type: 'keyword' }, knows_since: { type: 'date' } }

/**
 * Returns since when a journal knows the keys that it has seen, in milliseconds; `-Infinity` for the first
 * journal of this place. A later one may replace one that was lost, and give another home to a key that the
 * earlier journal had seen. The index `cdr-journals` records when a journal came, before its first record.
 */
export async function meetJournal(
  server: Server,
  names: IndexNames,
  meeting: JournalMeeting,
): Promise<number> {
  const id = documentId('journal', meeting.incarnation)
  const known = await knownSinceMs(server, names, id, meeting.signal)
  if (known !== undefined) return known
  const { hasIndices, nowMs, signal } = meeting
  await createSmallIndex(server, { name: names.journals, hidden: true, properties }, signal)
  // The search for homes must find the records that were written last.
  if (hasIndices) await refresh(server, names, signal)
  const created = await server.ask({
    method: 'PUT',
    path: `/${names.journals}/_create/${encodeURIComponent(id)}`,
    body: {
      incarnation: meeting.incarnation,
      ...(hasIndices ? { knows_since: new Date(nowMs).toISOString() } : {}),
    },
    needs: indexPrivilege('index', names.journals),
    answer: creation,
    expected: [409],
    signal,
  })
  if (created !== undefined) return hasIndices ? nowMs : Number.NEGATIVE_INFINITY
  return (await knownSinceMs(server, names, id, signal)) ?? nowMs
}

const creation = z.object({ result: z.string() })
const journalDocument = z.object({
  _source: z.object({ knows_since: z.iso.datetime().transform(Date.parse).optional() }),
})

async function knownSinceMs(
  server: Server,
  { journals }: IndexNames,
  id: string,
  signal: AbortSignal,
): Promise<number | undefined> {
  const found = await server.ask({
    method: 'GET',
    path: `/${journals}/_doc/${encodeURIComponent(id)}`,
    answer: journalDocument,
    needs: indexPrivilege('read', journals),
    expected: [404],
    signal,
  })
  return found === undefined ? undefined : (found._source.knows_since ?? Number.NEGATIVE_INFINITY)
}

async function refresh(server: Server, { monthlyPattern }: IndexNames, signal: AbortSignal): Promise<void> {
  await server.ask({
    method: 'POST',
    path: `/${monthlyPattern}/_refresh`,
    answer: z.object({ _shards: z.object({ failed: z.number() }) }),
    needs: indexPrivilege('maintenance', monthlyPattern),
    isQuotable: true,
    signal,
  })
}
