import { catalogue } from '@cdrstream/catalogue'
import { isPassing } from '../classify-error.ts'
import { knownErrorType } from '../server/error-type.ts'
import { indexPrivilege, wordingOf } from '../server/privileges.ts'
import { SinkFault } from '../sink-fault.ts'

/** What became of one record of a bulk request. */
export type ItemOutcome =
  | { readonly kind: 'written' }
  | { readonly kind: 'again' }
  /** Its index was deleted. */
  | { readonly kind: 'index-gone' }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'failed'; readonly fault: SinkFault }

/** The part of a bulk answer that the sink needs. The rest is five times as long. */
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
const indexGone: ItemOutcome = { kind: 'index-gone' }

/**
 * Returns the outcome of each record, in the order of the request. Throws if the answer is not one for
 * `count` records.
 */
export function readBulkResponse(body: unknown, count: number, indexPattern: string): readonly ItemOutcome[] {
  const { errors, items } = body as BulkAnswer
  if (!Array.isArray(items) || items.length !== count)
    throw new Error('the answer does not match the records that were sent')
  if (errors === false) return items.map(() => written)
  return items.map(({ index }: { readonly index?: BulkItem }) => readItem(index ?? {}, indexPattern))
}

function readItem({ status = 0, error = {} }: BulkItem, indexPattern: string): ItemOutcome {
  const type = knownErrorType(error.type)
  if (status >= 200 && status < 300) return written
  // Elasticsearch has this revision or a later one.
  if (type === 'version_conflict_engine_exception') return written
  if (type === 'cluster_block_exception') return failed(blocked(status))
  if (type === 'index_closed_exception') return failed(closed(indexPattern))
  if (status === 404) return indexGone
  // An answer without a status says nothing about the record.
  if (status < 400 || isPassing(status)) return again
  if (status === 403)
    return failed(
      new SinkFault('forbidden', `grant the user ${wordingOf(indexPrivilege('index', indexPattern))}`),
    )
  if (aboutIndex.test(type)) return failed(unusable(type))
  return { kind: 'refused', reason: reasonOf(type, String(error.reason)) }
}

/**
 * Errors with status 400 that are about the index or the cluster, such as a full limit of shards. No record
 * is to blame.
 */
const aboutIndex = /^(index_|invalid_|validation_exception$)/

function failed(fault: SinkFault): ItemOutcome {
  return { kind: 'failed', fault }
}

function closed(indexPattern: string): SinkFault {
  return new SinkFault('index-closed', `open the closed index among ${indexPattern}: POST /NAME/_open`)
}

function unusable(type: string): SinkFault {
  return new SinkFault('index-unusable', `look up in the log of Elasticsearch why it cannot write: ${type}`)
}

/** Elasticsearch blocks its indices when a disk is nearly full (with 429), and when someone tells it to. */
function blocked(status: number): SinkFault {
  return status === 429
    ? new SinkFault(
        'disk-full',
        'free space on the disks of Elasticsearch: it has blocked its indices because a disk is nearly full',
      )
    : new SinkFault(
        'index-blocked',
        'remove the block from the indices (index.blocks.write, index.blocks.read_only)',
      )
}

const columns: ReadonlySet<string> = new Set(catalogue.map(({ column }) => column))

const unnamed = 'an error without a known name'

/** Elasticsearch's own text quotes the record. Only the name of a field of the catalogue is taken from it. */
function reasonOf(type: string, reason: string): string {
  const field = /field \[(\w+)\]/.exec(reason)?.[1] ?? ''
  return columns.has(field)
    ? `Elasticsearch refuses the field ${field}: ${type || unnamed}`
    : `Elasticsearch refuses the document: ${type || unnamed}`
}
