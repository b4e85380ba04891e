import { catalogue } from '@cdrstream/catalogue'
import { isPassing } from '../classify-error.ts'
import { indexPrivilege, wordingOf } from '../server/privileges.ts'
import { SinkFault } from '../sink-fault.ts'

/** What became of one record of a bulk request. */
export type ItemOutcome =
  | { readonly kind: 'written' }
  | { readonly kind: 'again' }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'failed'; readonly fault: SinkFault }

/** What to ask for of a bulk answer: the rest of it is five times as long. */
export const bulkFilterPath = 'errors,items.index.status,items.index.error.type,items.index.error.reason'

interface BulkAnswer {
  readonly errors?: boolean
  readonly items?: readonly { readonly index?: BulkItem }[]
}

interface BulkItem {
  readonly status?: number
  readonly error?: { readonly type?: string; readonly reason?: string }
}

const written: ItemOutcome = { kind: 'written' }
const again: ItemOutcome = { kind: 'again' }

/** The outcome of each record, in the order of the request. Throws if the answer is not one for `count` records. */
export function readBulkResponse(body: unknown, count: number, indexPattern: string): readonly ItemOutcome[] {
  const { errors, items } = body as BulkAnswer
  if (!Array.isArray(items) || items.length !== count)
    throw new Error('the answer is not for the records that were sent')
  if (errors === false) return items.map(() => written)
  return items.map(({ index }: { readonly index?: BulkItem }) => readItem(index ?? {}, indexPattern))
}

function readItem(
  { status = 0, error: { type = '', reason = '' } = {} }: BulkItem,
  indexPattern: string,
): ItemOutcome {
  if (status >= 200 && status < 300) return written
  // The revision here is the same one or a later one.
  if (type === 'version_conflict_engine_exception') return written
  if (type === 'cluster_block_exception') return failed(blocked(status))
  // Deleted meanwhile: it is made again before the next write.
  if (status === 404 || isPassing(status)) return again
  if (status === 403)
    return failed(
      new SinkFault('forbidden', `grant the user ${wordingOf(indexPrivilege('index', indexPattern))}`),
    )
  return { kind: 'refused', reason: reasonOf(type, reason) }
}

function failed(fault: SinkFault): ItemOutcome {
  return { kind: 'failed', fault }
}

/** Elasticsearch blocks its indices when a disk is nearly full (with 429), and when somebody wants it to. */
function blocked(status: number): SinkFault {
  return status === 429
    ? new SinkFault(
        'disk-full',
        'make room on the disks of Elasticsearch: it has blocked its indices because one is nearly full',
      )
    : new SinkFault(
        'index-blocked',
        'remove the block from the indices (index.blocks.write, index.blocks.read_only)',
      )
}

const columns: ReadonlySet<string> = new Set(catalogue.map(({ column }) => column))

/** Elasticsearch's own text quotes the record; the name of a field of ours is all that is taken of it. */
function reasonOf(type: string, reason: string): string {
  const field = /field \[(\w+)\]/.exec(reason)?.[1] ?? ''
  return columns.has(field)
    ? `Elasticsearch refuses the field ${field}: ${type}`
    : `Elasticsearch refuses it: ${type}`
}
