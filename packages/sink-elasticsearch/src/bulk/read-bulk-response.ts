import { catalogue } from '@cdrstream/catalogue'
import { SinkFault } from '@cdrstream/sink-kit'
import { z } from 'zod'
import { isTransient } from '../classify-error.ts'
import { diagnoseError } from '../server/diagnose-error.ts'
import { describePrivilege, indexPrivilege } from '../server/privileges.ts'
import { answerNotUnderstood } from '../server/read-answer.ts'
import { RefusedRequest } from '../server/refused-request.ts'
import { readServerError } from '../server/server-error.ts'

/** The outcome of one record in a bulk request. */
export type ItemOutcome =
  | { readonly kind: 'written' }
  /** It was not written this time, because of `cause`. */
  | { readonly kind: 'again'; readonly cause: Error }
  /** Its index was deleted. */
  | { readonly kind: 'index-gone' }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'failed'; readonly fault: SinkFault }

/** Selects the part of a bulk response that the sink needs. The rest is five times as long. */
export const bulkFilterPath = `errors,items.index.status,${['type', 'reason', 'index']
  .map((part) => `items.index.error.${part}`)
  .join()}`

/** The items are parsed only if at least one has an error. */
export const bulkAnswer = z.object({ errors: z.boolean(), items: z.array(z.unknown()) })

const bulkItem = z.object({
  status: z.number().optional(),
  error: z.record(z.string(), z.unknown()).optional(),
})
const bulkItems = z.array(z.object({ index: bulkItem.optional() }))

const written: ItemOutcome = { kind: 'written' }
const indexGone: ItemOutcome = { kind: 'index-gone' }

/**
 * Returns the outcome of each record, in the order of the request. Throws a `SinkFault` if the response does
 * not have `count` items.
 */
export function readBulkResponse(
  { errors, items }: z.infer<typeof bulkAnswer>,
  count: number,
  indexPattern: string,
): readonly ItemOutcome[] {
  if (items.length !== count) throw answerNotUnderstood('POST /_bulk')
  if (!errors) return items.map(() => written)
  const read = bulkItems.safeParse(items)
  if (!read.success) throw answerNotUnderstood('POST /_bulk')
  return read.data.map(({ index }) => readItem(index ?? {}, indexPattern))
}

function readItem({ status = 0, error = {} }: z.infer<typeof bulkItem>, indexPattern: string): ItemOutcome {
  if (status >= 200 && status < 300) return written
  const serverError = readServerError(error)
  const { type, reason } = serverError
  // Elasticsearch already has this revision or a newer one.
  if (type === 'version_conflict_engine_exception') return written
  const fault = diagnoseError(status, serverError, indexPattern)
  if (fault !== undefined) return failed(fault)
  if (status === 404) return indexGone
  // An item without a status says nothing about the record.
  if (status < 400 || isTransient(status)) return { kind: 'again', cause: notWritten(status, type) }
  if (status === 403)
    return failed(
      new SinkFault(
        'forbidden',
        `grant the user ${describePrivilege(indexPrivilege('index', indexPattern))}`,
      ),
    )
  if (aboutIndex.test(type)) return failed(unusable(type, indexPattern))
  return { kind: 'refused', reason: reasonOf(type, reason) }
}

/**
 * Errors with status 400 that concern the index or the cluster, such as the shard limit, and not a record.
 */
const aboutIndex = /^(index_|invalid_|validation_exception$)/

/** Omits the server's message, which quotes the request. */
function notWritten(status: number, type: string): Error {
  return status === 0
    ? new Error('the response has no status for the record')
    : new RefusedRequest(status, { type })
}

function failed(fault: SinkFault): ItemOutcome {
  return { kind: 'failed', fault }
}

function unusable(type: string, indexPattern: string): SinkFault {
  return new SinkFault(
    'index-unusable',
    `run "cdrstream doctor", and compare ${indexPattern} with the index template: Elasticsearch cannot write to an index (${type})`,
  )
}

const columns: ReadonlySet<string> = new Set(catalogue.map(({ column }) => column))

const unknownError = 'an unknown error'

/** The server's message quotes the record. Only the name of a catalogue field is used. */
function reasonOf(type: string, reason: string): string {
  const field = /field \[(\w+)\]/.exec(reason)?.[1] ?? ''
  return columns.has(field)
    ? `Elasticsearch rejects the field ${field}: ${type || unknownError}`
    : `Elasticsearch rejects the document: ${type || unknownError}`
}
