import { SinkFault } from '@cdrstream/sink-kit'
import { diagnoseError } from './diagnose-error.ts'
import { wordingOf } from './privileges.ts'
import { RefusedRequest } from './refused-request.ts'
import type { ServerAnswer, ServerRequest } from './server.ts'
import { readServerError } from './server-error.ts'

interface RawAnswer extends ServerAnswer {
  /**
   * The header by which Elasticsearch names itself. Its refusals for want of rights (401, 403) come without.
   */
  readonly product: string | readonly string[] | undefined
}

/** Returns an answer that is 2xx or expected, and throws what any other answer means. */
export function readAnswer(
  { status, body, product }: RawAnswer,
  { needs, expected = [], isQuotable = false }: Pick<ServerRequest, 'needs' | 'expected' | 'isQuotable'>,
): ServerAnswer {
  const error = readServerError(errorOf(body))
  const isElasticsearch = product === 'Elasticsearch'
  if (error.type === 'media_type_header_exception' || (isElasticsearch && status === 406))
    throw otherVersion()
  if (status < 300) return { status, body }
  if (isElasticsearch && expected.includes(status)) return { status, body }
  const fault = diagnoseError(status, error, needs?.indices.join() ?? 'its indices')
  if (fault !== undefined) throw fault
  const refused = new RefusedRequest(status, isQuotable ? error : { type: error.type })
  switch (status) {
    case 401:
      throw new SinkFault(
        'unauthenticated',
        'the server does not know who this is: correct apiKey, or username and password',
        refused,
      )
    case 403:
      throw new SinkFault(
        'forbidden',
        needs === undefined ? 'allow this user what it asks for' : `grant the user ${wordingOf(needs)}`,
        refused,
      )
    // What others than Elasticsearch answer to its paths and content types.
    case 400:
    case 404:
    case 405:
    case 406:
    case 415:
      throw isElasticsearch ? refused : notElasticsearch()
    default:
      throw refused
  }
}

export function notElasticsearch(): SinkFault {
  return new SinkFault(
    'not-elasticsearch',
    'correct nodes: the server there is not Elasticsearch. This sink needs Elasticsearch 9; OpenSearch and other forks are not supported',
  )
}

function otherVersion(): SinkFault {
  return new SinkFault(
    'elasticsearch-version',
    'this sink needs Elasticsearch 9: upgrade the server, which is older',
  )
}

function errorOf(body: unknown): unknown {
  return typeof body === 'object' && body !== null && 'error' in body ? body.error : undefined
}
