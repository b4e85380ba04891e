import type { Mark } from '@cdrstream/plugin'
import { documentId } from '../document/document-id.ts'
import { createSmallIndex } from '../indices/create-small-index.ts'
import type { IndexNames } from '../indices/index-names.ts'
import { indexPrivilege } from '../server/privileges.ts'
import { RefusedRequest } from '../server/refused-request.ts'
import type { Server } from '../server/server.ts'

const properties = {
  org: { type: 'keyword' },
  complete_through: { type: 'date' },
  gaps: { properties: { from: { type: 'date' }, to: { type: 'date' } } },
}

/** Tells readers, in the index `cdr-coverage`, how far the records of each org are complete: a document an org, the latest counts. */
export async function writeCoverage(
  server: Server,
  { coverage }: IndexNames,
  marks: readonly Mark[],
  signal: AbortSignal,
): Promise<void> {
  if (marks.length === 0) return
  await createSmallIndex(server, { name: coverage, hidden: false, properties }, signal)
  const { body } = await server.ask({
    method: 'POST',
    path: `/${coverage}/_bulk`,
    query: { filter_path: 'items.index.status,items.index.error.type' },
    body: Buffer.from(marks.map(linesOf).join('')),
    needs: indexPrivilege('index', coverage),
    signal,
  })
  const { items = [] } = body as {
    readonly items?: readonly {
      readonly index: { readonly status: number; readonly error?: { readonly type: string } }
    }[]
  }
  for (const { index } of items) {
    // A later mark is there: that of another run.
    if (index.error !== undefined && index.status !== 409)
      throw new RefusedRequest(index.status, index.error.type)
  }
}

function linesOf({ org, completeThroughMs, gaps }: Mark): string {
  // The same frontier again may come with other gaps, when one was repaired.
  const action = {
    index: {
      _id: documentId(org, 'coverage'),
      version: Math.max(0, completeThroughMs),
      version_type: 'external_gte',
    },
  }
  const document = {
    org,
    complete_through: timeText(completeThroughMs),
    gaps: gaps.map(({ fromMs, toMs }) => ({ from: timeText(fromMs), to: timeText(toMs) })),
  }
  return `${JSON.stringify(action)}\n${JSON.stringify(document)}\n`
}

function timeText(ms: number): string {
  return new Date(ms).toISOString()
}
