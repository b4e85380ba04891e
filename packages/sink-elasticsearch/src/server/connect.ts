import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { SinkFault } from '@cdrstream/sink-kit'
import { Client, type ClientOptions, Serializer } from '@elastic/elasticsearch'
import type { Credential, ElasticsearchSinkOptions } from '../elasticsearch-sink-options.ts'
import { BoundedConnection } from './bounded-connection.ts'
import { diagnoseTls } from './diagnose-tls.ts'
import { readAnswer } from './read-answer.ts'
import { redactError } from './redact-error.ts'
import type { ExpectedStatuses, Server, ServerRequest } from './server.ts'

/**
 * Returns a server for these options. Reads the file `ca`; the connection is opened by the first request.
 * Throws a `SinkFault` if the file cannot be read.
 */
export async function connect(options: ElasticsearchSinkOptions, baseDirectory: string): Promise<Server> {
  const ca = options.ca === undefined ? undefined : await readCa(resolve(baseDirectory, options.ca))
  const compression = options.compress === 'gzip'
  const clientOptions: ClientOptions = {
    nodes: [...options.nodes],
    ...authOf(options.credential),
    ...(ca === undefined ? {} : { tls: { ca } }),
    compression,
    Connection: BoundedConnection,
    Serializer: TolerantSerializer,
    // The engine retries, and only the nodes in the options are used.
    maxRetries: 0,
    sniffOnStart: false,
    sniffInterval: false,
    sniffOnConnectionFault: false,
    name: 'cdrstream',
  }
  const client = new Client(clientOptions)
  const ask = async <Body>(
    request: ServerRequest<Body> & Partial<ExpectedStatuses>,
  ): Promise<Body | undefined> => {
    const { method, path, query, body, signal } = request
    const isLines = Buffer.isBuffer(body)
    const content = isLines ? { bulkBody: body as unknown as string } : body === undefined ? {} : { body }
    try {
      const {
        statusCode = 0,
        body: answer,
        headers,
      } = await client.transport.request(
        { method, path, ...(query === undefined ? {} : { querystring: { ...query } }), ...content },
        // `readAnswer` needs the whole response to classify an error.
        { signal, meta: true, ignore: errorStatuses },
      )
      return readAnswer(
        { status: statusCode, body: answer, product: headers?.['x-elastic-product'] },
        request,
      )
    } catch (error) {
      const redacted = redactError(error)
      if (redacted.name !== 'ConnectionError' || signal.aborted) throw redacted
      throw (await diagnoseTls(options.nodes, ca, signal)) ?? redacted
    }
  }
  // Without `expected`, `readAnswer` throws where it would return undefined.
  return { ask: ask as Server['ask'], close: () => client.close() }
}

/** Accepts bodies that are not JSON: the client's own error would hide the response status. */
class TolerantSerializer extends Serializer {
  override deserialize<Value>(text: string): Value {
    try {
      return super.deserialize<Value>(text)
    } catch {
      return undefined as Value
    }
  }
}

const errorStatuses = Array.from({ length: 200 }, (_, index) => 400 + index)

function authOf(credential: Credential): Pick<ClientOptions, 'auth'> {
  switch (credential.kind) {
    case 'none':
      return {}
    case 'api-key':
      return { auth: { apiKey: credential.apiKey } }
    case 'basic':
      return { auth: { username: credential.username, password: credential.password } }
  }
}

async function readCa(path: string): Promise<Buffer> {
  try {
    return await readFile(path)
  } catch (error) {
    throw new SinkFault(
      'ca-unreadable',
      `correct ca, or allow the user that runs cdrstream to read the file ${path}`,
      error,
    )
  }
}
