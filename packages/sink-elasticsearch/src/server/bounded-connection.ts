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
 * The size limit of a response, both compressed and decompressed. The largest response that the sink needs,
 * for about 10,000 refused records, is smaller than 1 MB.
 */
const maxBytes = 4_000_000
/** The limit of commas, colons and opening brackets: two bytes of JSON (`[]`) can take sixty in memory. */
const maxDelimiters = 500_000

/**
 * A connection that limits the size of responses, so that a server, or something in its place, cannot exhaust
 * the collector's memory. The client itself limits only the compressed size (@elastic/transport 9.4).
 */
export class BoundedConnection extends UndiciConnection {
  // `never`, because the types also allow streamed responses, which the sink does not use.
  override async request(
    params: ConnectionRequestParams,
    options: ConnectionRequestOptions,
  ): Promise<ConnectionRequestResponse & { readonly body: never }> {
    const { headers, body, ...rest } = await this.#answer(params, options)
    const { 'content-encoding': encoding = '', ...others } = headers
    const isCompressed = /gzip|deflate/i.test(encoding)
    const decoded = isCompressed && typeof body !== 'string' ? await decompress(body) : body
    if (hasTooManyDelimiters(decoded)) throw answerTooLarge()
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
      const isTooLarge = error instanceof errors.RequestAbortedError && options.signal?.aborted !== true
      throw isTooLarge ? answerTooLarge() : error
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
      : new errors.ConnectionError('the response cannot be decompressed')
  }
}

/** Includes characters in strings. This is good enough for a limit. */
function hasTooManyDelimiters(body: string | Buffer): boolean {
  if (body.length <= maxDelimiters) return false
  let delimiters = 0
  for (const code of Buffer.from(body)) if (delimiterCodes.has(code)) delimiters += 1
  return delimiters > maxDelimiters
}

const delimiterCodes: ReadonlySet<number> = new Set(Buffer.from(',:{['))

function answerTooLarge(): SinkFault {
  return new SinkFault(
    'answer-too-large',
    'check that nodes points to Elasticsearch, and check any proxy in between: it sent a larger response than Elasticsearch does',
  )
}
