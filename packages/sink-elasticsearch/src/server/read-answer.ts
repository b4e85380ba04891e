import { SinkFault } from '@cdrstream/sink-kit'
import { diagnoseError } from './diagnose-error.ts'
import { wordingOf } from './privileges.ts'
import { RefusedRequest } from './refused-request.ts'
import type { Expecting, ServerRequest } from './server.ts'
import { readServerError } from './server-error.ts'

interface RawAnswer {
  readonly status: number
  readonly body: unknown
  /**
   * The header by which Elasticsearch names itself. Its refusals for want of rights (401, 403) come without.
   */
  readonly product: string | readonly string[] | undefined
}

/** What tells how an answer is read. */
export type Reading<Body> = Pick<ServerRequest<Body>, 'method' | 'path' | 'answer' | 'needs' | 'isQuotable'> &
  Partial<Expecting>

/**
 * Returns the body of an answer that is 2xx, and undefined for one that is expected. Throws what any other
 * answer means.
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

/** Returns what to do about an answer that Elasticsearch never gives. `asked`: what was asked. */
export function answerNotUnderstood(asked: string): SinkFault {
  return new SinkFault(
    'answer-not-understood',
    `check that nodes names Elasticsearch, and what stands between: the answer to ${asked} is not one of Elasticsearch`,
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
