import { SinkFault } from '@cdrstream/sink-kit'
import { diagnoseError } from './diagnose-error.ts'
import { describePrivilege } from './privileges.ts'
import { RefusedRequest } from './refused-request.ts'
import type { ExpectedStatuses, ServerRequest } from './server.ts'
import { readServerError } from './server-error.ts'

interface RawAnswer {
  readonly status: number
  readonly body: unknown
  /** The header that identifies Elasticsearch. Responses with status 401 or 403 do not have it. */
  readonly product: string | readonly string[] | undefined
}

/** The parts of a request that determine how its response is read. */
export type Reading<Body> = Pick<ServerRequest<Body>, 'method' | 'path' | 'answer' | 'needs' | 'isQuotable'> &
  Partial<ExpectedStatuses>

/**
 * Returns the body of a response with status 2xx, or undefined for a status that is expected. Throws a
 * `SinkFault` or a `RefusedRequest` for any other response.
 */
export function readAnswer<Body>(
  { status, body, product }: RawAnswer,
  { method, path, answer, needs, expected = [], isQuotable = false }: Reading<Body>,
): Body | undefined {
  const error = readServerError(errorOf(body))
  const isElasticsearch = product === 'Elasticsearch'
  if (error.type === 'media_type_header_exception' || (isElasticsearch && status === 406))
    throw otherVersion()
  if (status < 300) {
    const read = answer.safeParse(body)
    if (read.success) return read.data
    throw answerNotUnderstood(`${method} ${path}`)
  }
  if (isElasticsearch && expected.includes(status)) return undefined
  const fault = diagnoseError(status, error, needs?.indices.join() ?? 'its indices')
  if (fault !== undefined) throw fault
  const refused = new RefusedRequest(status, isQuotable ? error : { type: error.type })
  switch (status) {
    case 401:
      throw new SinkFault(
        'unauthenticated',
        'correct apiKey, or username and password: the server rejected the credential',
        refused,
      )
    case 403:
      throw new SinkFault(
        'forbidden',
        needs === undefined
          ? `allow this user to send the request ${method} ${path}`
          : `grant the user ${describePrivilege(needs)}`,
        refused,
      )
    // How other servers respond to Elasticsearch paths and content types.
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

/** Returns the fault for a server that is not Elasticsearch. */
export function notElasticsearch(): SinkFault {
  return new SinkFault(
    'not-elasticsearch',
    'correct nodes: the server is not Elasticsearch. This sink requires Elasticsearch 9; OpenSearch and other forks are not supported',
  )
}

/** Returns the fault for a response that Elasticsearch never sends. `request`: its method and path. */
export function answerNotUnderstood(request: string): SinkFault {
  return new SinkFault(
    'answer-not-understood',
    `check that nodes points to Elasticsearch, and check any proxy in between: the response to ${request} is not one that Elasticsearch sends`,
  )
}

function otherVersion(): SinkFault {
  return new SinkFault(
    'elasticsearch-version',
    'upgrade the server to Elasticsearch 9, which this sink requires',
  )
}

function errorOf(body: unknown): unknown {
  return typeof body === 'object' && body !== null && 'error' in body ? body.error : undefined
}
