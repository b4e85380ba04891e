import { SinkFault } from '@cdrstream/sink-kit'
import { z } from 'zod'
import { type BlockSetting, blockSettings } from '../server/diagnose-error.ts'
import { indexPrivilege } from '../server/privileges.ts'
import type { Server } from '../server/server.ts'
import type { IndexNames } from './index-names.ts'

// The uuid ensures that the response includes indices that have none of the other settings.
const settingNames = ['uuid', 'translog', 'verified_before_close', 'blocks']

/** What the sink needs to know about an index. */
export interface PresentIndex {
  readonly name: string
  /** The server's id of the index. An index that is deleted and created again gets a different one. */
  readonly uuid: string | undefined
  readonly hasAlias: boolean
  /**
   * The version of the sink's template whose mapping the index has, or undefined if its mapping is different.
   */
  readonly template: number | undefined
  readonly isClosed: boolean
  /** The settings that block the index. */
  readonly blocks: readonly BlockSetting[]
  /** Whether a response to a write means that the records are on disk. */
  readonly isDurable: boolean
}

/** The sink's entry in `_meta`. Anything else there is ignored. */
const indexMeta = z.object({ cdrstream: z.object({ template: z.number() }) }).optional()

const presentIndices = z.record(
  z.string(),
  z.object({
    aliases: z.record(z.string(), z.unknown()).optional(),
    mappings: z.object({ _meta: indexMeta.catch(undefined) }).optional(),
    settings: z
      .object({
        index: z.object({
          uuid: z.string().optional(),
          translog: z.object({ durability: z.string() }).partial().optional(),
          verified_before_close: z.string().optional(),
          blocks: z.record(z.string(), z.unknown()).optional(),
        }),
      })
      .optional(),
  }),
)

/** Returns whether an index was created from the sink's template. Its name alone does not prove that. */
export function isFromTemplate({ template }: PresentIndex): boolean {
  return template !== undefined
}

/** Returns whether the sink manages an index, which must be from the template and still in the alias. */
export function isManaged(index: PresentIndex): boolean {
  return isFromTemplate(index) && index.hasAlias
}

/** Returns the indices that have the name of a monthly index, by name, including closed ones. */
export async function listMonthlyIndices(
  server: Server,
  { alias, monthlyPattern, isMonthly }: IndexNames,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, PresentIndex>> {
  const indices = await list(server, alias, [monthlyPattern], signal)
  return new Map(indices.filter(({ name }) => isMonthly(name)).map((index) => [index.name, index]))
}

/**
 * Returns the indices for the sink's own documents, or none if the user lacks the privilege to view them,
 * which the sink does not need.
 */
export async function listSmallIndices(
  server: Server,
  { alias, coverage, journals }: IndexNames,
  signal: AbortSignal,
): Promise<readonly PresentIndex[]> {
  try {
    return await list(server, alias, [coverage, journals], signal)
  } catch (error) {
    if (error instanceof SinkFault && error.code === 'forbidden') return []
    throw error
  }
}

async function list(
  server: Server,
  alias: string,
  targets: readonly string[],
  signal: AbortSignal,
): Promise<readonly PresentIndex[]> {
  const found = await server.ask({
    method: 'GET',
    path: `/${targets.join()}`,
    query: {
      ignore_unavailable: true,
      expand_wildcards: 'open,closed',
      filter_path: `*.aliases,*.mappings._meta,${settingNames.map((name) => `*.settings.index.${name}`).join()}`,
    },
    answer: presentIndices,
    needs: indexPrivilege('view_index_metadata', ...targets),
    isQuotable: true,
    signal,
  })
  return Object.entries(found).map(([name, { aliases = {}, mappings, settings }]) => ({
    name,
    uuid: settings?.index.uuid,
    hasAlias: Object.hasOwn(aliases, alias),
    template: mappings?._meta?.cdrstream.template,
    isClosed: settings?.index.verified_before_close === 'true',
    blocks: blockSettings.filter((setting) => settings?.index.blocks?.[setting] === 'true'),
    isDurable: settings?.index.translog?.durability !== 'async',
  }))
}
