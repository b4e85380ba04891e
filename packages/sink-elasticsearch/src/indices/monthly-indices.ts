import type { Logger } from '@cdrstream/plugin'
import { SinkFault } from '@cdrstream/sink-kit'
import { acknowledgement } from '../server/acknowledgement.ts'
import { indexClosed } from '../server/diagnose-error.ts'
import { indexPrivilege } from '../server/privileges.ts'
import { RefusedRequest } from '../server/refused-request.ts'
import type { Server } from '../server/server.ts'
import { aliasMissing, aliasTaken, notCreated, otherTemplate, templateMissing } from './index-faults.ts'
import type { IndexNames } from './index-names.ts'
import { indexTemplate, templateVersion } from './index-template.ts'
import { listMonthlyIndices, type PresentIndex } from './present-indices.ts'
import { templatesIfAllowed, winningTemplate } from './present-templates.ts'

/**
 * Ensures that records can be written to these monthly indices: that they exist, are open, and have the
 * mapping of the template and the alias. Creates missing indices explicitly, because if the template were
 * missing, the first write would create an index with a mapping derived from the record.
 */
export async function prepareMonthlyIndices(
  server: Server,
  names: IndexNames,
  {
    wanted,
    beforeCreating,
    log,
    signal,
  }: {
    readonly wanted: ReadonlySet<string>
    readonly beforeCreating: (absent: readonly string[]) => Promise<void>
    readonly log: Logger
    readonly signal: AbortSignal
  },
): Promise<ReadonlyMap<string, PresentIndex>> {
  let present = await listMonthlyIndices(server, names, signal)
  const absent = [...wanted].filter((name) => !present.has(name))
  if (absent.length > 0) {
    await beforeCreating(absent)
    for (const name of absent) await create(server, names, name, signal)
    present = await listMonthlyIndices(server, names, signal)
  }
  for (const name of wanted) {
    const index = present.get(name)
    if (index?.isClosed) throw indexClosed(name, names.monthlyPattern)
    if (index?.template === undefined) throw await notFromTemplate(server, names, name, signal)
    if (!index.hasAlias) throw aliasMissing(names, name)
    if (index.template < templateVersion) await upgradeMapping(server, names, { name, log, signal })
  }
  return present
}

async function create(
  server: Server,
  { alias, monthlyPattern }: IndexNames,
  name: string,
  signal: AbortSignal,
): Promise<void> {
  try {
    await server.ask({
      method: 'PUT',
      path: `/${name}`,
      answer: acknowledgement,
      needs: indexPrivilege('create_index', monthlyPattern),
      isQuotable: true,
      signal,
    })
  } catch (error) {
    if (!(error instanceof RefusedRequest && error.status === 400)) throw error
    if (error.type === 'resource_already_exists_exception') return
    if (error.type === 'invalid_alias_name_exception') throw aliasTaken(alias, error)
    throw notCreated(name, error, winningTemplate(await templatesIfAllowed(server, signal), name))
  }
}

/**
 * Makes new fields searchable in an existing index. Without the privilege to do so, they are stored but not
 * searchable.
 */
async function upgradeMapping(
  server: Server,
  { alias, monthlyPattern }: IndexNames,
  { name, log, signal }: { readonly name: string; readonly log: Logger; readonly signal: AbortSignal },
): Promise<void> {
  const { _meta, properties } = indexTemplate({ indexPrefix: alias }).body.template.mappings
  try {
    await server.ask({
      method: 'PUT',
      path: `/${name}/_mapping`,
      body: { _meta, properties },
      answer: acknowledgement,
      needs: indexPrivilege('index', monthlyPattern),
      isQuotable: true,
      signal,
    })
    log.info('upgraded the mapping of an index', { index: name, version: templateVersion })
  } catch (error) {
    const isRefused = error instanceof SinkFault || (error instanceof RefusedRequest && error.status === 400)
    if (!isRefused) throw error
    log.warn('cannot upgrade the mapping of an index; it stores new fields, but they are not searchable', {
      index: name,
      cause: error.message,
    })
  }
}

async function notFromTemplate(
  server: Server,
  names: IndexNames,
  name: string,
  signal: AbortSignal,
): Promise<SinkFault> {
  const winner = winningTemplate(await templatesIfAllowed(server, signal), name)
  return winner === undefined || winner.name === names.alias
    ? templateMissing(names, name)
    : otherTemplate(names, name, winner)
}
