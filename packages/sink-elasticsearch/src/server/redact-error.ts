import { SinkFault } from '@cdrstream/sink-kit'
import { errors } from '@elastic/elasticsearch'
import { connectionFault } from './connection-fault.ts'
import { notElasticsearch } from './read-answer.ts'
import { RefusedRequest } from './refused-request.ts'

/**
 * Returns an error without the request, because the client's errors contain all of it, including records and
 * credentials. The result keeps the name and, for a broken connection, the operating system's message.
 */
export function redactError(error: unknown): Error {
  if (error instanceof SinkFault || error instanceof RefusedRequest) return error
  if (error instanceof errors.ProductNotSupportedError) return notElasticsearch()
  if (error instanceof errors.ConnectionError || error instanceof errors.TimeoutError) {
    return named(error.name, connectionFault(error.message))
  }
  if (error instanceof errors.ElasticsearchClientError)
    return named(error.name, 'the request got no response')
  return error instanceof TypeError || error instanceof RangeError
    ? error
    : named('Error', 'the request failed')
}

function named(name: string, message: string): Error {
  const error = new Error(message)
  error.name = name
  return error
}
