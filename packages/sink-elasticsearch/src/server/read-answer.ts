import { SinkFault } from '../sink-fault.ts'
import { knownErrorType } from './error-type.ts'
import { type Privilege, wordingOf } from './privileges.ts'
import { RefusedRequest } from './refused-request.ts'
import type { ServerAnswer } from './server.ts'

interface RawAnswer extends ServerAnswer {
  /**
   * The header by which Elasticsearch names itself. Its refusals for want of rights (401, 403) come without.
   */
  readonly product: string | readonly string[] | undefined
}

/** Returns an answer that is 2xx or expected, and throws what any other answer means. */
export function readAnswer(
  { status, body, product }: RawAnswer,
  needs: Privilege | undefined,
  expected: readonly number[],
): ServerAnswer {
  const type = errorType(body)
  const isElasticsearch = product === 'Elasticsearch'
  if (type === 'media_type_header_exception' || (isElasticsearch && status === 406)) throw otherVersion()
  if (status < 300) return { status, body }
  if (isElasticsearch && expected.includes(status)) return { status, body }
  switch (status) {
    case 401:
      throw new SinkFault(
        'unauthenticated',
        'the server does not know who this is: correct apiKey, or username and password',
        refused(status, type),
      )
    case 403:
      throw new SinkFault(
        'forbidden',
        needs === undefined ? 'allow this user what it asks for' : `grant the user ${wordingOf(needs)}`,
        refused(status, type),
      )
    // What others than Elasticsearch answer to its paths and content types.
    case 400:
    case 404:
    case 405:
    case 406:
    case 415:
      throw isElasticsearch ? refused(status, type) : notElasticsearch()
    default:
      throw refused(status, type)
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

function refused(status: number, type: string): RefusedRequest {
  return new RefusedRequest(status, type)
}

function errorType(body: unknown): string {
  if (typeof body !== 'object' || body === null || !('error' in body)) return ''
  const { error } = body
  return typeof error === 'object' && error !== null && 'type' in error ? knownErrorType(error.type) : ''
}
