import { createHash } from 'node:crypto'
import { recordMapping } from './field-mapping.ts'
import { indexNames } from './index-names.ts'

/**
 * Raised by one with every change of what the template says. A server that has a newer one keeps it; one with an older gets this one.
 */
export const templateVersion = 1

/** Above what Elastic's own templates have, so that a `*` of somebody else is no conflict. */
const priority = 300

/** What shapes the template: options of the sink, each optional. */
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

/** The index template that the sink puts with these options, for whoever puts it by hand. */
export function indexTemplate({ indexPrefix = 'cdr', ...options }: IndexTemplateOptions = {}): IndexTemplate {
  const { alias, monthlyPattern } = indexNames(indexPrefix)
  const template: IndexTemplateBody['template'] = {
    aliases: { [alias]: {} },
    settings: { index: indexSettings(options) },
    mappings: {
      // A field that is not in the mapping is kept all the same: no key of a record makes a new one.
      dynamic: false,
      _meta: { cdrstream: { template: templateVersion } },
      properties: recordMapping(),
    },
  }
  return {
    name: alias,
    body: {
      index_patterns: [monthlyPattern],
      priority,
      version: templateVersion,
      template,
      _meta: {
        description: 'Webex Calling call detail records, by cdrstream',
        // The server gives a template back in another form; this tells whether the options have changed.
        cdrstream: { content: createHash('sha256').update(JSON.stringify(template)).digest('hex') },
      },
    },
  }
}

function indexSettings({ shards, replicas, refreshIntervalMs, ilmPolicy }: IndexTemplateOptions) {
  return {
    // An answer means that the records are on disk.
    translog: { durability: 'request' },
    ...(shards === undefined ? {} : { number_of_shards: shards }),
    ...(replicas === undefined ? {} : { number_of_replicas: replicas }),
    ...(refreshIntervalMs === undefined ? {} : { refresh_interval: `${refreshIntervalMs}ms` }),
    ...(ilmPolicy === undefined ? {} : { lifecycle: { name: ilmPolicy } }),
  }
}
