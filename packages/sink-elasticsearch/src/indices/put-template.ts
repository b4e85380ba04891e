import type { Logger } from '@cdrstream/plugin'
import { clusterPrivilege } from '../server/privileges.ts'
import { RefusedRequest } from '../server/refused-request.ts'
import type { Server } from '../server/server.ts'
import { SinkFault } from '../sink-fault.ts'
import type { IndexTemplate } from './index-template.ts'

/** What the server has under the template's name. */
export type TemplateState = 'absent' | 'older' | 'other-options' | 'same' | 'newer'

/** Puts the index template if the server's is absent, older, or made of other options. A newer one stays. */
export async function putTemplate(
  server: Server,
  template: IndexTemplate,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  const state = await templateState(server, template, signal)
  switch (state) {
    case 'same':
      return
    case 'newer':
      log.info('the index template was put by a newer cdrstream, and stays')
      return
    case 'absent':
    case 'older':
    case 'other-options':
      try {
        await put(server, template, signal)
        log.info('put the index template', { template: template.name, version: template.body.version })
      } catch (error) {
        // What is there will do: fields that it does not know are kept.
        if (state === 'absent' || !(error instanceof SinkFault && error.code === 'forbidden')) throw error
        log.warn('the index template should be put again, and this user may not', {
          template: template.name,
          state,
        })
      }
  }
}

async function put(server: Server, { name, body }: IndexTemplate, signal: AbortSignal): Promise<void> {
  try {
    await server.ask({
      method: 'PUT',
      path: templatePath(name),
      body,
      needs: clusterPrivilege('manage_index_templates'),
      signal,
    })
  } catch (error) {
    if (!(error instanceof RefusedRequest && error.status === 400)) throw error
    throw new SinkFault(
      'template-refused',
      `choose another indexPrefix, or correct the options: Elasticsearch does not take the index template ${name}, as when another one is for the same indices`,
      error,
    )
  }
}

interface TemplateAnswer {
  readonly index_templates?: readonly {
    readonly index_template: {
      readonly version?: number
      readonly _meta?: { readonly cdrstream?: { readonly content?: string } }
    }
  }[]
}

export async function templateState(
  server: Server,
  { name, body }: IndexTemplate,
  signal: AbortSignal,
): Promise<TemplateState> {
  const answer = await server.ask({
    method: 'GET',
    path: templatePath(name),
    query: { filter_path: 'index_templates.index_template.version,index_templates.index_template._meta' },
    needs: clusterPrivilege('monitor'),
    expected: [404],
    signal,
  })
  if (answer.status === 404) return 'absent'
  const found = (answer.body as TemplateAnswer).index_templates?.[0]?.index_template
  const meta = found?._meta?.cdrstream
  if (meta === undefined) {
    throw new SinkFault(
      'foreign-template',
      `choose another indexPrefix: the index template ${name} is not of cdrstream`,
    )
  }
  const version = found?.version ?? 0
  if (version !== body.version) return version < body.version ? 'older' : 'newer'
  return meta.content === body._meta.cdrstream.content ? 'same' : 'other-options'
}

function templatePath(name: string): string {
  return `/_index_template/${name}`
}
