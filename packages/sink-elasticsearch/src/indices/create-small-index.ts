import { acknowledgement } from '../server/acknowledgement.ts'
import { indexPrivilege } from '../server/privileges.ts'
import { RefusedRequest } from '../server/refused-request.ts'
import type { Server } from '../server/server.ts'
import { notCreated } from './index-faults.ts'
import { templatesIfAllowed, winningTemplate } from './present-templates.ts'

export interface SmallIndex {
  readonly name: string
  readonly hidden: boolean
  readonly properties: object
}

/** Creates an index for a few small documents of the sink itself, unless the index exists. */
export async function createSmallIndex(
  server: Server,
  { name, hidden, properties }: SmallIndex,
  signal: AbortSignal,
): Promise<void> {
  try {
    await server.ask({
      method: 'PUT',
      path: `/${name}`,
      body: {
        settings: {
          index: {
            hidden,
            number_of_shards: 1,
            auto_expand_replicas: '0-1',
            translog: { durability: 'request' },
          },
        },
        mappings: { dynamic: false, properties },
      },
      answer: acknowledgement,
      needs: indexPrivilege('create_index', name),
      isQuotable: true,
      signal,
    })
  } catch (error) {
    if (!(error instanceof RefusedRequest && error.status === 400)) throw error
    if (error.type === 'resource_already_exists_exception') return
    throw notCreated(name, error, winningTemplate(await templatesIfAllowed(server, signal), name))
  }
}
