import { SinkFault } from '@cdrstream/sink-kit'
import { z } from 'zod'
import { clusterPrivilege } from '../server/privileges.ts'
import type { Server } from '../server/server.ts'
import type { IndexTemplate } from './index-template.ts'

/** An index template on the server. */
export interface PresentTemplate {
  readonly name: string
  readonly patterns: readonly string[]
  /** Elasticsearch uses the matching template with the highest priority. */
  readonly priority: number
  readonly isForDataStreams: boolean
  readonly version: number
  /** The sink's entry in `_meta`, or undefined for a foreign template. */
  readonly meta: { readonly content?: string | undefined } | undefined
}

/** The sink's entry in `_meta`. A foreign template may have anything there. */
const templateMeta = z.object({ cdrstream: z.object({ content: z.string().optional() }) }).optional()

const presentTemplate = z.object({
  name: z.string(),
  index_template: z
    .object({
      index_patterns: z.array(z.string()),
      priority: z.number(),
      version: z.number(),
      data_stream: z.unknown(),
      _meta: templateMeta.catch(undefined),
    })
    .partial(),
})
/** Without templates, the filter leaves an empty object. */
const presentTemplates = z.object({ index_templates: z.array(presentTemplate).default([]) })

const parts = ['index_patterns', 'priority', 'version', 'data_stream', '_meta.cdrstream']

/** Returns all index templates on the server. */
export async function listTemplates(
  server: Server,
  signal: AbortSignal,
): Promise<readonly PresentTemplate[]> {
  const { index_templates: templates } = await server.ask({
    method: 'GET',
    path: '/_index_template',
    query: {
      filter_path: `index_templates.name,${parts.map((part) => `index_templates.index_template.${part}`).join()}`,
    },
    answer: presentTemplates,
    needs: clusterPrivilege('monitor'),
    isQuotable: true,
    signal,
  })
  return templates.map(({ name, index_template: template }) => ({
    name,
    patterns: template.index_patterns ?? [],
    priority: template.priority ?? 0,
    isForDataStreams: template.data_stream !== undefined,
    version: template.version ?? 0,
    meta: template._meta?.cdrstream,
  }))
}

/** Returns all index templates, or none if the user lacks the privilege to view them. */
export async function templatesIfAllowed(
  server: Server,
  signal: AbortSignal,
): Promise<readonly PresentTemplate[]> {
  try {
    return await listTemplates(server, signal)
  } catch (error) {
    if (error instanceof SinkFault && error.code === 'forbidden') return []
    throw error
  }
}

/** Returns the template that an index with this name is created from. */
export function winningTemplate(
  templates: readonly PresentTemplate[],
  index: string,
): PresentTemplate | undefined {
  return templates
    .filter(({ patterns }) => patterns.some((pattern) => matches(pattern, index)))
    .reduce<PresentTemplate | undefined>(
      (best, template) => (best === undefined || template.priority > best.priority ? template : best),
      undefined,
    )
}

/** Returns the foreign template that takes precedence over the sink's for this index, or undefined. */
export function overridingTemplate(
  templates: readonly PresentTemplate[],
  { name, body }: IndexTemplate,
  index: string,
): PresentTemplate | undefined {
  const winner = winningTemplate(
    templates.filter((template) => template.name !== name),
    index,
  )
  return winner !== undefined && winner.priority > body.priority ? winner : undefined
}

/** Returns whether a name matches a pattern, in which only `*` is special. */
function matches(pattern: string, name: string): boolean {
  const literals = pattern.split('*').map((literal) => literal.replace(/[\\^$.+?()[\]{}|]/g, '\\$&'))
  return new RegExp(`^${literals.join('.*')}$`).test(name)
}
