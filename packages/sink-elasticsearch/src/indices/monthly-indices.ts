import type { Logger } from '@cdrstream/plugin'
import { indexPrivilege } from '../server/privileges.ts'
import { RefusedRequest } from '../server/refused-request.ts'
import type { Server } from '../server/server.ts'
import { SinkFault } from '../sink-fault.ts'
import type { IndexNames } from './index-names.ts'
import { indexTemplate, templateVersion } from './index-template.ts'

const settingNames = ['uuid', 'translog', 'verified_before_close']

/** What the sink needs to know about a monthly index. */
export interface MonthlyIndex {
  readonly name: string
  /** The server's own id: an index that is deleted and made again gets another one. */
  readonly uuid: string | undefined
  readonly hasAlias: boolean
  /**
   * The version of the template whose mapping it has; undefined if it was not made from the sink's template.
   */
  readonly template: number | undefined
  readonly isClosed: boolean
  /** Whether an answer means that the records are on disk. */
  readonly isDurable: boolean
}

interface IndexAnswer {
  readonly aliases?: Readonly<Record<string, object>>
  readonly mappings?: { readonly _meta?: { readonly cdrstream?: { readonly template?: number } } }
  readonly settings?: {
    readonly index?: {
      readonly uuid?: string
      readonly translog?: { readonly durability?: string }
      readonly verified_before_close?: string
    }
  }
}

/** Returns whether an index was made from the sink's template: a name that matches its pattern proves nothing. */
export function isMadeByUs({ template }: MonthlyIndex): boolean {
  return template !== undefined
}

/** Returns whether the sink made an index, and nobody has taken it out of the alias to keep it. */
export function isOurs(index: MonthlyIndex): boolean {
  return isMadeByUs(index) && index.hasAlias
}

/** Returns the indices whose names are those of monthly indices, by name, closed ones included. */
export async function listMonthlyIndices(
  server: Server,
  { alias, monthlyPattern, isMonthly }: IndexNames,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, MonthlyIndex>> {
  const { body } = await server.ask({
    method: 'GET',
    path: `/${monthlyPattern}`,
    // Without uuid, an index with nothing else to show would be left out.
    query: {
      expand_wildcards: 'open,closed',
      filter_path: `*.aliases,*.mappings._meta,${settingNames.map((name) => `*.settings.index.${name}`).join()}`,
    },
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
        uuid: settings?.index?.uuid,
        hasAlias: Object.hasOwn(aliases, alias),
        template: mappings?._meta?.cdrstream?.template,
        isClosed: settings?.index?.verified_before_close === 'true',
        isDurable: settings?.index?.translog?.durability !== 'async',
      },
    ]),
  )
}

/**
 * Makes sure that records can be written to these monthly indices: that they exist, are open, and have the
 * template's mapping and the alias. It creates them on purpose. The first write would create them as well,
 * but without the template it would derive a mapping from the record.
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
    readonly beforeCreating: () => Promise<void>
    readonly log: Logger
    readonly signal: AbortSignal
  },
): Promise<ReadonlyMap<string, MonthlyIndex>> {
  let present = await listMonthlyIndices(server, names, signal)
  const absent = [...wanted].filter((name) => !present.has(name))
  if (absent.length > 0) {
    await beforeCreating()
    for (const name of absent) await create(server, names, name, signal)
    present = await listMonthlyIndices(server, names, signal)
  }
  for (const name of wanted) {
    const index = present.get(name)
    if (index?.isClosed) throw indexClosed(name)
    if (index === undefined || !isMadeByUs(index)) throw notOurs(names, name)
    if (!index.hasAlias) throw aliasMissing(names, name)
    if ((index.template ?? 0) < templateVersion) await upgradeMapping(server, names, { name, log, signal })
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
      `look up in the log of Elasticsearch why it does not create ${name} (${error.type}): possible causes are the limit of shards, an ILM policy, or an alias of that name`,
      error,
    )
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
      needs: indexPrivilege('index', monthlyPattern),
      signal,
    })
    log.info('upgraded the mapping of an index', { index: name, version: templateVersion })
  } catch (error) {
    const isRefused = error instanceof SinkFault || (error instanceof RefusedRequest && error.status === 400)
    if (!isRefused) throw error
    log.warn('cannot upgrade the mapping of an index; it stores new fields, but they are not searchable', {
      index: name,
    })
  }
}

function notOurs({ alias }: IndexNames, name: string): SinkFault {
  return new SinkFault(
    'template-missing',
    `put the index template ${alias} (indexTemplate of @cdrstream/sink-elasticsearch returns it), then delete the index ${name}, which was created without it, or choose another indexPrefix`,
  )
}

function aliasMissing(names: IndexNames, name: string): SinkFault {
  return new SinkFault('alias-missing', aliasRemedy(names, name))
}

/** What to do about an index of the sink that is not under the alias. */
export function aliasRemedy({ alias }: IndexNames, name: string): string {
  return `add the index ${name} to the alias ${alias} again (POST /_aliases): readers do not find its records, and no more records of its month can be written`
}

function indexClosed(name: string): SinkFault {
  return new SinkFault('index-closed', `open the index ${name}, which is closed: POST /${name}/_open`)
}
