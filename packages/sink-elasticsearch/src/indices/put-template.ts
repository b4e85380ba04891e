import type { Logger } from '@cdrstream/plugin'
import { SinkFault } from '@cdrstream/sink-kit'
import { acknowledgement } from '../server/acknowledgement.ts'
import { clusterPrivilege } from '../server/privileges.ts'
import { RefusedRequest, serverReason } from '../server/refused-request.ts'
import type { Server } from '../server/server.ts'
import { aliasTaken } from './index-faults.ts'
import type { IndexTemplate } from './index-template.ts'
import { listTemplates, type PresentTemplate } from './present-templates.ts'

/** How the template on the server compares with the sink's. */
export type TemplateState = 'absent' | 'older' | 'other-options' | 'same' | 'newer'

/**
 * Puts the index template if the server's is absent, older or made from different options. Keeps a newer one.
 * Returns the templates that the server had before.
 */
export async function putTemplate(
  server: Server,
  template: IndexTemplate,
  log: Logger,
  signal: AbortSignal,
): Promise<readonly PresentTemplate[]> {
  const present = await listTemplates(server, signal)
  const state = templateState(present, template)
  switch (state) {
    case 'same':
      break
    case 'newer':
      log.info('keeping the index template of a newer cdrstream')
      break
    case 'absent':
    case 'older':
    case 'other-options':
      try {
        await put(server, template, signal)
        log.info('put the index template', { template: template.name, version: template.body.version })
      } catch (error) {
        // The existing template is good enough: fields outside its mapping are stored but not searchable.
        if (state === 'absent' || !(error instanceof SinkFault && error.code === 'forbidden')) throw error
        log.warn('cannot update the index template: the privilege is missing', {
          template: template.name,
          state,
        })
      }
  }
  return present
}

async function put(server: Server, { name, body }: IndexTemplate, signal: AbortSignal): Promise<void> {
  try {
    await server.ask({
      method: 'PUT',
      path: `/_index_template/${name}`,
      body,
      answer: acknowledgement,
      needs: clusterPrivilege('manage_index_templates'),
      isQuotable: true,
      signal,
    })
  } catch (error) {
    if (!(error instanceof RefusedRequest && error.status === 400)) throw error
    if (error.type === 'invalid_alias_name_exception') throw aliasTaken(name, error)
    throw new SinkFault(
      'template-refused',
      `choose another indexPrefix, or correct the options: Elasticsearch rejected the index template ${name}${serverReason(error)}`,
      error,
    )
  }
}

/**
 * Compares the template on the server with the sink's. Throws a `SinkFault` if a foreign template has its
 * name.
 */
export function templateState(
  present: readonly PresentTemplate[],
  { name, body }: IndexTemplate,
): TemplateState {
  const found = present.find((template) => template.name === name)
  if (found === undefined) return 'absent'
  if (found.meta === undefined) {
    throw new SinkFault(
      'foreign-template',
      `choose another indexPrefix, or delete the index template ${name} (DELETE /_index_template/${name}), which does not belong to cdrstream`,
    )
  }
  const { version } = found
  if (version !== body.version) return version < body.version ? 'older' : 'newer'
  return found.meta.content === body._meta.cdrstream.content ? 'same' : 'other-options'
}
