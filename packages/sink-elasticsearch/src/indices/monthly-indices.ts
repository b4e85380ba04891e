import type { Logger } from '@cdrstream/plugin'
import { indexPrivilege } from '../server/privileges.ts'
import { RefusedRequest } from '../server/refused-request.ts'
import type { Server } from '../server/server.ts'
import { SinkFault } from '../sink-fault.ts'
import type { IndexNames } from './index-names.ts'
import { indexTemplate, templateVersion } from './index-template.ts'

/** A monthly index, as far as the sink cares. */
export interface MonthlyIndex {
  readonly name: string
  readonly hasAlias: boolean
  /** The version of the template that its mapping is of; undefined if it is not one of ours. */
  readonly template: number | undefined
  /** Whether an answer means that the records are on disk. */
  readonly isDurable: boolean
}

interface IndexAnswer {
  readonly aliases?: Readonly<Record<string, object>>
  readonly mappings?: { readonly _meta?: { readonly cdrstream?: { readonly template?: number } } }
  readonly settings?: { readonly index?: { readonly translog?: { readonly durability?: string } } }
}

/** The monthly indices that there are. */
export async function listMonthlyIndices(
  server: Server,
  { alias, monthlyPattern, isMonthly }: IndexNames,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, MonthlyIndex>> {
  const { body } = await server.ask({
    method: 'GET',
    path: `/${monthlyPattern}`,
    // Without uuid an index with nothing else to show would be left out.
    query: { filter_path: '*.aliases,*.mappings._meta,*.settings.index.translog,*.settings.index.uuid' },
    needs: indexPrivilege('view_index_metadata', monthlyPattern),
    signal,
  })
  const found = Object.entries(body as Readonly<Record<string, IndexAnswer>>).filter(([name]) =>
    isMonthly(name),
  )
  return new Map(
    found.map(([name, { aliases = {}, mappings, settings }]) => [
      name,
      {
        name,
        hasAlias: Object.hasOwn(aliases, alias),
        template: mappings?._meta?.cdrstream?.template,
        isDurable: settings?.index?.translog?.durability !== 'async',
      },
    ]),
  )
}

/**
 * Sees to it that records can be written to these monthly indices: that they are there, have the mapping of the template and the alias.
 * Created on purpose, not by the first write: without the template, that would make a mapping of its own from whatever comes.
 */
export async function prepareMonthlyIndices(
  server: Server,
  names: IndexNames,
  {
    wanted,
    log,
    signal,
  }: { readonly wanted: ReadonlySet<string>; readonly log: Logger; readonly signal: AbortSignal },
): Promise<ReadonlyMap<string, MonthlyIndex>> {
  let present = await listMonthlyIndices(server, names, signal)
  const absent = [...wanted].filter((name) => !present.has(name))
  for (const name of absent) await create(server, names, name, signal)
  if (absent.length > 0) present = await listMonthlyIndices(server, names, signal)
  for (const name of wanted) {
    const index = present.get(name)
    if (index?.template === undefined || !index.hasAlias) throw notOurs(names, name)
    if (index.template < templateVersion) await upgradeMapping(server, names, { name, log, signal })
  }
  return present
}

async function create(
  server: Server,
  { monthlyPattern }: IndexNames,
  name: string,
  signal: AbortSignal,
): Promise<void> {
  try {
    await server.ask({
      method: 'PUT',
      path: `/${name}`,
      needs: indexPrivilege('create_index', monthlyPattern),
      signal,
    })
  } catch (error) {
    if (!(error instanceof RefusedRequest && error.status === 400)) throw error
    if (error.type === 'resource_already_exists_exception') return
    throw new SinkFault(
      'index-not-created',
      `see in the log of Elasticsearch why it does not create ${name} (${error.type}): a limit of shards, an ILM policy or an alias of that name may be the cause`,
      error,
    )
  }
}

/** New fields become searchable in an index that is there already. Without the right to do so they are kept all the same. */
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
      needs: indexPrivilege('index', monthlyPattern),
      signal,
    })
    log.info('upgraded the mapping of an index', { index: name, version: templateVersion })
  } catch (error) {
    const isRefused = error instanceof SinkFault || (error instanceof RefusedRequest && error.status === 400)
    if (!isRefused) throw error
    log.warn('the mapping of an index could not be upgraded: new fields are kept in it, but not searchable', {
      index: name,
    })
  }
}

function notOurs({ alias }: IndexNames, name: string): SinkFault {
  return new SinkFault(
    'template-missing',
    `put the index template ${alias} (indexTemplate of @cdrstream/sink-elasticsearch gives it), then delete the index ${name}, which was made without it, or choose another indexPrefix`,
  )
}
