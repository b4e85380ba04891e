import { createHash } from 'node:crypto'
import { recordMapping } from './field-mapping.ts'
import { indexNames } from './index-names.ts'

/**
 * Goes up by one with every change of the template in a release. A server with a newer template keeps it; an
 * older one is replaced.
 */
export const templateVersion = 1

/** Higher than that of Elastic's own templates, so that someone else's template for `*` is no conflict. */
const priority = 300

/** The options of the sink that shape the template. */
export interface IndexTemplateOptions {
  /** Default `cdr`. */
  readonly indexPrefix?: string
  /** Primary shards of a monthly index. Default: the server's. */
  readonly shards?: number
  /** Replicas of each shard. Default: the server's. */
  readonly replicas?: number
  /** In milliseconds. Default: the server's. */
  readonly refreshIntervalMs?: number
  /** The name of an ILM policy. Default: none. */
  readonly ilmPolicy?: string
}

/** The index template of the monthly indices: what `PUT _index_template/NAME` takes. */
export interface IndexTemplate {
  readonly name: string
  readonly body: IndexTemplateBody
}

interface IndexTemplateBody {
  readonly index_patterns: readonly string[]
  readonly priority: number
  readonly version: number
  /**
   * False: a write into an index that was deleted fails, and the sink notices, instead of creating an index
   * in silence.
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
 * Returns the index template that the sink puts with these options, for administrators who put it by hand.
 */
export function indexTemplate({ indexPrefix = 'cdr', ...options }: IndexTemplateOptions = {}): IndexTemplate {
  const { alias, monthlyPattern } = indexNames(indexPrefix)
  const template: IndexTemplateBody['template'] = {
    aliases: { [alias]: {} },
    settings: { index: indexSettings(options) },
    mappings: {
      // A field that is not in the mapping is stored all the same. No key of a record adds a field to the
      // mapping.
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
        // The server returns a template in another form. This shows whether the options have changed.
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
    // With this, an answer means that the records are on disk.
    translog: { durability: 'request' },
    ...(shards === undefined ? {} : { number_of_shards: shards }),
    ...(replicas === undefined ? {} : { number_of_replicas: replicas }),
    ...(refreshIntervalMs === undefined ? {} : { refresh_interval: `${refreshIntervalMs}ms` }),
    ...(ilmPolicy === undefined ? {} : { lifecycle: { name: ilmPolicy } }),
  }
}
