import { createHash } from 'node:crypto'
import { recordMapping } from './field-mapping.ts'
import { indexNames } from './index-names.ts'

/**
 * The version of the template. Increase it with every change. The sink replaces an older template on the
 * server and keeps a newer one.
 */
export const templateVersion = 1

/** Higher than the priority of Elastic's own templates, and of most templates that match `*`. */
const priority = 300

/** The sink options that determine the template. */
export interface IndexTemplateOptions {
  /** The prefix of the template, alias and index names. Default `cdr`. */
  readonly indexPrefix?: string
  /** Primary shards of a monthly index. Default: the server's. */
  readonly shards?: number
  /** Replicas of each shard. Default: the server's. */
  readonly replicas?: number
  /** How soon searches find a written record, in milliseconds. Default: the server's. */
  readonly refreshIntervalMs?: number
  /** The name of an ILM policy. Default: none. */
  readonly ilmPolicy?: string
}

/** The index template of the monthly indices: the name and body for `PUT _index_template/NAME`. */
export interface IndexTemplate {
  readonly name: string
  readonly body: IndexTemplateBody
}

interface IndexTemplateBody {
  readonly index_patterns: readonly string[]
  readonly priority: number
  readonly version: number
  /**
   * False, so that a write to a deleted index fails and the sink notices, instead of recreating the index.
   */
  readonly allow_auto_create: false
  readonly template: {
    readonly aliases: Readonly<Record<string, object>>
    readonly settings: { readonly index: Readonly<Record<string, unknown>> }
    readonly mappings: MonthlyMappings
  }
  readonly _meta: { readonly description: string; readonly cdrstream: { readonly content: string } }
}

interface MonthlyMappings {
  readonly dynamic: false
  readonly _meta: { readonly cdrstream: { readonly template: number } }
  readonly properties: ReturnType<typeof recordMapping>
}

/**
 * Returns the index template that the sink puts with these options, for administrators who put it themselves.
 */
export function indexTemplate({ indexPrefix = 'cdr', ...options }: IndexTemplateOptions = {}): IndexTemplate {
  const { alias, monthlyPattern } = indexNames(indexPrefix)
  const template: IndexTemplateBody['template'] = {
    aliases: { [alias]: {} },
    settings: { index: indexSettings(options) },
    mappings: {
      // Fields outside the mapping are stored, but no record can add a field to the mapping.
      dynamic: false,
      _meta: { cdrstream: { template: templateVersion } },
      properties: recordMapping(),
    },
  }
  const writing = { allow_auto_create: false } as const
  return {
    name: alias,
    body: {
      index_patterns: [monthlyPattern],
      priority,
      version: templateVersion,
      ...writing,
      template,
      _meta: {
        description: 'Webex Calling call detail records, by cdrstream',
        // Shows whether the options have changed, because the server returns a template in a different form.
        cdrstream: {
          content: createHash('sha256')
            .update(JSON.stringify({ ...writing, template }))
            .digest('hex'),
        },
      },
    },
  }
}

function indexSettings({ shards, replicas, refreshIntervalMs, ilmPolicy }: IndexTemplateOptions) {
  return {
    // A response then means that the records are on disk.
    translog: { durability: 'request' },
    ...(shards === undefined ? {} : { number_of_shards: shards }),
    ...(replicas === undefined ? {} : { number_of_replicas: replicas }),
    ...(refreshIntervalMs === undefined ? {} : { refresh_interval: `${refreshIntervalMs}ms` }),
    ...(ilmPolicy === undefined ? {} : { lifecycle: { name: ilmPolicy } }),
  }
}
