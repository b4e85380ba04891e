import type { Position } from '@cdrstream/plugin'
import { z } from 'zod'
import { documentId } from '../document/document-id.ts'
import type { IndexNames } from '../indices/index-names.ts'
import { indexPrivilege } from '../server/privileges.ts'
import type { Server } from '../server/server.ts'

/** The mapping of the index `cdr-journals`. */
export const journalProperties = {
  incarnation: { type: 'keyword' },
  knows_since: { type: 'date' },
  journal_offset: { type: 'long' },
  journal_commit: { type: 'keyword' },
}

/** A document of the index `cdr-journals`. */
export interface StoredJournal {
  readonly incarnation: string
  /**
   * The time since which the journal knows all keys, in milliseconds since 1970. `-Infinity` for the first
   * journal.
   */
  readonly knowsSinceMs: number
  /** No records after this position have been written. Undefined if it is not known. */
  readonly written: Position | undefined
  /** The version of the document, or undefined if it is not stored yet. */
  readonly version?: Version
}

interface Version {
  readonly seqNo: number
  readonly primaryTerm: number
}

interface JournalSource {
  readonly incarnation: string
  readonly knows_since?: string
  readonly journal_offset?: number
  readonly journal_commit?: string
}

const versioned = z.object({ _seq_no: z.number(), _primary_term: z.number() })
const journalDocument = versioned.extend({
  _source: z.object({
    knows_since: z.iso.datetime().transform(Date.parse).optional(),
    journal_offset: z.number().optional(),
    journal_commit: z.string().optional(),
  }),
})

/** Returns the document of a journal, or undefined if there is none. */
export async function readJournal(
  server: Server,
  { journals }: IndexNames,
  incarnation: string,
  signal: AbortSignal,
): Promise<StoredJournal | undefined> {
  const found = await server.ask({
    method: 'GET',
    path: `/${journals}/_doc/${pathId(incarnation)}`,
    answer: journalDocument,
    needs: indexPrivilege('read', journals),
    expected: [404],
    signal,
  })
  if (found === undefined) return undefined
  const { knows_since: knowsSinceMs, journal_offset: offset, journal_commit: commit } = found._source
  return {
    incarnation,
    knowsSinceMs: knowsSinceMs ?? Number.NEGATIVE_INFINITY,
    written: offset === undefined || commit === undefined ? undefined : { incarnation, offset, commit },
    version: versionOf(found),
  }
}

/**
 * Replaces the version of a document that was read, or creates it. Returns it with its new version, or
 * undefined if another writer was faster.
 */
export async function writeJournal(
  server: Server,
  { journals }: IndexNames,
  journal: StoredJournal,
  signal: AbortSignal,
): Promise<StoredJournal | undefined> {
  const { incarnation, knowsSinceMs, written, version } = journal
  const id = pathId(incarnation)
  const source: JournalSource = {
    incarnation,
    ...(Number.isFinite(knowsSinceMs) ? { knows_since: new Date(knowsSinceMs).toISOString() } : {}),
    ...(written && { journal_offset: written.offset, journal_commit: written.commit }),
  }
  const stored = await server.ask({
    method: 'PUT',
    ...(version === undefined
      ? { path: `/${journals}/_create/${id}` }
      : {
          path: `/${journals}/_doc/${id}`,
          query: { if_seq_no: version.seqNo, if_primary_term: version.primaryTerm },
        }),
    body: source,
    answer: versioned,
    needs: indexPrivilege('index', journals),
    expected: [409],
    signal,
  })
  return stored && { ...journal, version: versionOf(stored) }
}

function versionOf({ _seq_no: seqNo, _primary_term: primaryTerm }: z.infer<typeof versioned>): Version {
  return { seqNo, primaryTerm }
}

function pathId(incarnation: string): string {
  return encodeURIComponent(documentId('journal', incarnation))
}
