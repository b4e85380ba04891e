import { promisify } from 'node:util'
import { unzip } from 'node:zlib'
import { SinkFault } from '@cdrstream/sink-kit'
import {
  type ConnectionRequestOptions,
  type ConnectionRequestParams,
  type ConnectionRequestResponse,
  errors,
  UndiciConnection,
} from '@elastic/elasticsearch'

/**
 * Of an answer, as sent and decoded alike. The largest that the sink asks for, what became of 10,000 records
 * that are all refused, has less than 1 MB.
 */
const maxBytes = 4_000_000
/** Commas, colons and opening brackets: two bytes of JSON (`[]`) become up to sixty of memory. */
const maxMarks = 500_000

/**
 * A connection that takes no answer larger than the sink needs, so that a server, or what stands in its
 * place, cannot take the memory of the collector. The client itself bounds only what is sent, and not what it
 * becomes once it is decompressed (@elastic/transport 9.4).
 */
export class BoundedConnection extends UndiciConnection {
  // `never`: the types also have answers as streams, which the sink does not ask for.
  override async request(
    params: ConnectionRequestParams,
    options: ConnectionRequestOptions,
  ): Promise<ConnectionRequestResponse & { readonly body: never }> {
    const { headers, body, ...rest } = await this.#answer(params, options)
    const { 'content-encoding': encoding = '', ...others } = headers
    const isCompressed = /gzip|deflate/i.test(encoding)
    const decoded = isCompressed && typeof body !== 'string' ? await decompress(body) : body
    if (hasManyMarks(decoded)) throw answerTooLarge()
    return { ...rest, headers: isCompressed ? others : headers, body: decoded as never }
  }

  async #answer(
    params: ConnectionRequestParams,
    options: ConnectionRequestOptions,
  ): Promise<ConnectionRequestResponse> {
    try {
      const bounds = { maxResponseSize: maxBytes, maxCompressedResponseSize: maxBytes }
      return await super.request(params, { ...options, ...bounds })
    } catch (error) {
      const isOurs = error instanceof errors.RequestAbortedError && options.signal?.aborted !== true
      throw isOurs ? answerTooLarge() : error
    }
  }
}

const decompressed = promisify<Buffer, { maxOutputLength: number }, Buffer>(unzip)

async function decompress(body: Buffer): Promise<Buffer> {
  try {
    return await decompressed(body, { maxOutputLength: maxBytes })
  } catch (error) {
    throw (error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE'
      ? answerTooLarge()
      : new errors.ConnectionError('the answer cannot be decompressed')
  }
}

/** Those in texts count as well: it is only a bound. */
function hasManyMarks(body: string | Buffer): boolean {
  if (body.length <= maxMarks) return false
  let marks = 0
  for (const code of Buffer.from(body)) if (codesOfMarks.has(code)) marks += 1
  return marks > maxMarks
}

const codesOfMarks: ReadonlySet<number> = new Set(Buffer.from(',:{['))

function answerTooLarge(): SinkFault {
  return new SinkFault(
    'answer-too-large',
    'check that nodes names Elasticsearch, and what stands between: an answer is larger than Elasticsearch ever sends here',
  )
}
