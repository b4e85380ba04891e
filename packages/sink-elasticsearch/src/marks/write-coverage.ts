import { type Mark, mergeMark } from '@cdrstream/plugin'
import { z } from 'zod'
import { documentId } from '../document/document-id.ts'
import { createSmallIndex } from '../indices/create-small-index.ts'
import type { IndexNames } from '../indices/index-names.ts'
import { diagnoseError } from '../server/diagnose-error.ts'
import { indexPrivilege } from '../server/privileges.ts'
import { answerNotUnderstood } from '../server/read-answer.ts'
import { RefusedRequest } from '../server/refused-request.ts'
import type { Server } from '../server/server.ts'
import { readServerError } from '../server/server-error.ts'
import { type CoverageDocument, encodeCoverage, readCoverage } from './stored-coverage.ts'

const errorObject = z.record(z.string(), z.unknown())

const properties = {
  org: { type: 'keyword' },
  complete_through: { type: 'date' },
  gaps: { properties: { from: { type: 'date' }, to: { type: 'date' }, reason: { type: 'keyword' } } },
}

/** An attempt fails only if another writer was faster. */
const maxAttempts = 10

/** An org's stored document. */
interface Found {
  readonly source: unknown
  /** Together with `primaryTerm`, detects whether another writer has changed the document in the meantime. */
  readonly seqNo: number
  readonly primaryTerm: number
}

/**
 * Publishes how far each org's records are complete, as one document per org in the index `cdr-coverage`.
 * Merges each mark with the stored one. If another writer changes a document in the meantime, reads and
 * merges it again.
 */
export async function writeCoverage(
  server: Server,
  names: IndexNames,
  marks: readonly Mark[],
  signal: AbortSignal,
): Promise<void> {
  let pending = marks
  for (let attempt = 0; pending.length > 0; attempt += 1) {
    if (attempt === maxAttempts) throw new Error('other writers kept changing the coverage documents')
    const found = await findCoverage(server, names, pending, signal)
    const changes = pending.flatMap((mark) => {
      const stored = found.get(mark.org)
      const merged = mergeMark(stored && readCoverage(stored.source), mark)
      return merged === undefined ? [] : [{ mark, lines: linesOf(encodeCoverage(mark.org, merged), stored) }]
    })
    const isWritten = await write(
      server,
      names,
      changes.map(({ lines }) => lines),
      signal,
    )
    pending = changes.filter((_, at) => !isWritten[at]).map(({ mark }) => mark)
  }
}

const storedDocuments = z.object({
  docs: z.array(
    z.object({
      found: z.boolean().optional(),
      _source: z.unknown().optional(),
      _seq_no: z.number().optional(),
      _primary_term: z.number().optional(),
      error: errorObject.optional(),
    }),
  ),
})

/** Returns the stored documents by org, and creates the index if it is missing. */
async function findCoverage(
  server: Server,
  { coverage }: IndexNames,
  marks: readonly Mark[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Found>> {
  const { docs } = await server.ask({
    method: 'POST',
    path: `/${coverage}/_mget`,
    body: { ids: marks.map(({ org }) => coverageId(org)) },
    answer: storedDocuments,
    needs: indexPrivilege('read', coverage),
    signal,
  })
  if (docs.length !== marks.length) throw answerNotUnderstood(`POST /${coverage}/_mget`)
  const found = new Map<string, Found>()
  let isMissing = false
  for (const [at, { found: isFound, _source: source, _seq_no, _primary_term, error }] of docs.entries()) {
    if (error?.type === 'index_not_found_exception') isMissing = true
    else if (error !== undefined) throw documentFault(400, error, coverage)
    if (!isFound || source === undefined || _seq_no === undefined || _primary_term === undefined) continue
    found.set((marks[at] as Mark).org, { source, seqNo: _seq_no, primaryTerm: _primary_term })
  }
  if (isMissing) await createSmallIndex(server, { name: coverage, hidden: false, properties }, signal)
  return found
}

const item = z.object({ status: z.number(), error: errorObject.optional() })
const writtenDocuments = z.object({
  items: z.array(z.union([z.object({ create: item }), z.object({ index: item })])),
})

/**
 * Writes the documents, and returns whether each was written, because another writer may have changed it
 * since it was read.
 */
async function write(
  server: Server,
  { coverage }: IndexNames,
  lines: readonly string[],
  signal: AbortSignal,
): Promise<readonly boolean[]> {
  if (lines.length === 0) return []
  const { items } = await server.ask({
    method: 'POST',
    path: `/${coverage}/_bulk`,
    query: { filter_path: 'items.*.status,items.*.error.type,items.*.error.reason,items.*.error.index' },
    body: Buffer.from(lines.join('')),
    answer: writtenDocuments,
    needs: indexPrivilege('index', coverage),
    signal,
  })
  if (items.length !== lines.length) throw answerNotUnderstood(`POST /${coverage}/_bulk`)
  return items.map((each) => {
    const { status, error } = 'create' in each ? each.create : each.index
    if (error === undefined) return true
    if (status === 409) return false
    throw documentFault(status, error, coverage)
  })
}

/** Returns the error for a document, without the server's message, which may quote the document. */
function documentFault(status: number, error: object, coverage: string): Error {
  const found = readServerError(error)
  return diagnoseError(status, found, coverage) ?? new RefusedRequest(status, { type: found.type })
}

function linesOf(document: CoverageDocument, stored: Found | undefined): string {
  const _id = coverageId(document.org)
  const action =
    stored === undefined
      ? { create: { _id } }
      : { index: { _id, if_seq_no: stored.seqNo, if_primary_term: stored.primaryTerm } }
  return `${JSON.stringify(action)}\n${JSON.stringify(document)}\n`
}

function coverageId(org: string): string {
  return documentId(org, 'coverage')
}
