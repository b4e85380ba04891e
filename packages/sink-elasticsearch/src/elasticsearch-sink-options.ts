import {
  byteSizeOption,
  durationOption,
  flagOption,
  httpUrlOption,
  pathOption,
  textOption,
} from '@cdrstream/sink-kit'
import { z } from 'zod'
import { decodeCloudId } from './server/decode-cloud-id.ts'

/** How requests and responses are compressed. */
export type Compression = 'none' | 'gzip'

/** How the sink authenticates. */
export type Credential =
  | { readonly kind: 'none' }
  | { readonly kind: 'api-key'; readonly apiKey: string }
  | { readonly kind: 'basic'; readonly username: string; readonly password: string }

/** The checked options of the Elasticsearch sink. */
export interface ElasticsearchSinkOptions {
  /** The URLs in `nodes`, or the one in `cloudId`, without a credential. Required. */
  readonly nodes: readonly string[]
  /** `apiKey`, or `username` and `password`. Default: none. */
  readonly credential: Credential
  /**
   * A PEM file with the CA certificate that signed the server's certificate. Default: the CAs that Node.js
   * trusts.
   */
  readonly ca?: string
  /** The prefix of the index template, index and alias names. Default `cdr`. */
  readonly indexPrefix: string
  /** How requests and responses are compressed. Default `none`. */
  readonly compress: Compression
  /** The maximum size of a bulk request before compression, in bytes. Default 5 MB. */
  readonly bulkBytes: number
  /** How many bulk requests are sent in parallel. Default 2. */
  readonly concurrency: number
  /** Whether the sink creates and upgrades its index template. Default true. */
  readonly manageTemplate: boolean
  /** Primary shards of a monthly index. Default: the server's. */
  readonly shards?: number
  /** Replicas of each shard. Default: the server's. */
  readonly replicas?: number
  /**
   * The `refreshInterval` option in milliseconds: how soon searches find a written record. Default: the
   * server's, which is one second.
   */
  readonly refreshIntervalMs?: number
  /** The ILM policy of the monthly indices. Default: none. */
  readonly ilmPolicy?: string
  /** The `retention` option in milliseconds. Months that ended longer ago are deleted. Default: none. */
  readonly retentionMs?: number
}

/** `most` is the default of the server's limit, `http.max_content_length`. */
const bulkBytes = { least: '100KB', most: '100MB', example: '5MB' }
const maxConcurrency = 32
const maxShards = 1_024
const maxReplicas = 20

const expected = {
  nodes: 'expected a list of http or https URLs without user, query or fragment',
  cloudId: 'expected a cloud id: a name, a colon and a base64 string',
  indexPrefix: 'expected at most 100 characters: a-z, 0-9, _ and -, starting with a letter or a digit',
  compress: 'expected none or gzip',
}

const text = textOption()

/** The schema of the options in the configuration, where sizes and durations are text. */
export const elasticsearchSinkOptions = z
  .strictObject({
    nodes: z
      .array(httpUrlOption(expected.nodes).refine(isWithoutQuery, expected.nodes), expected.nodes)
      .min(1, expected.nodes)
      .describe('http or https URLs without credentials. `nodes` or `cloudId` is required.')
      .optional(),
    cloudId: z
      .string(expected.cloudId)
      .refine((cloudId) => decodeCloudId(cloudId) !== undefined, expected.cloudId)
      .describe('The cloud id of a deployment, in place of `nodes`.')
      .optional(),
    apiKey: text
      .describe('The API key to sign in with, in place of `username` and `password`. Default: none.')
      .optional(),
    username: text.describe('The user to sign in as, together with `password`. Default: none.').optional(),
    password: text.describe('The password of `username`.').optional(),
    ca: pathOption('a PEM file')
      .describe(
        "A PEM file with the CA certificate that signed the server's certificate. Default: the CAs that Node.js trusts.",
      )
      .optional(),
    indexPrefix: z
      .string(expected.indexPrefix)
      .regex(/^[a-z0-9][a-z0-9_-]{0,99}$/, expected.indexPrefix)
      .default('cdr')
      .describe('The prefix of the names of the index template, the alias and the indices.'),
    compress: z
      .enum(['none', 'gzip'], expected.compress)
      .default('none')
      .describe('How requests and responses are compressed.'),
    bulkBytes: byteSizeOption(bulkBytes)
      .prefault('5MB')
      .describe('The maximum size of a bulk request: 100KB to 100MB.'),
    concurrency: wholeNumber(1, maxConcurrency)
      .default(2)
      .describe('How many bulk requests are sent in parallel.'),
    manageTemplate: flagOption()
      .default(true)
      .describe('Whether the sink creates and upgrades the index template. If false, an administrator does.'),
    shards: wholeNumber(1, maxShards)
      .describe("The primary shards of a monthly index. Default: the server's.")
      .optional(),
    replicas: wholeNumber(0, maxReplicas)
      .describe("The replicas of each shard. Default: the server's.")
      .optional(),
    refreshInterval: durationOption({ example: '5s' })
      .describe(
        "How long it takes until searches find a written record: a duration such as 5s. Default: the server's, which is 1s.",
      )
      .optional(),
    ilmPolicy: text.describe('The ILM policy of the monthly indices. Default: none.').optional(),
    retention: durationOption({ least: '1d', example: '400d' })
      .describe(
        'A duration of at least 1d. Indices of months that ended longer ago are deleted. Default: none.',
      )
      .optional(),
  })
  .transform((given, context): ElasticsearchSinkOptions => {
    const { nodes, cloudId, apiKey, username, password, refreshInterval, retention, ...others } = given
    const fail = (path: keyof typeof given, message: string) => {
      context.addIssue({ code: 'custom', path: [path], message })
      return z.NEVER
    }
    if (nodes !== undefined && cloudId !== undefined)
      return fail('cloudId', 'expected nodes or cloudId, not both')
    const urls = nodes ?? (cloudId === undefined ? undefined : [decodeCloudId(cloudId) as string])
    if (urls === undefined) return fail('nodes', expected.nodes)
    if (apiKey !== undefined && (username ?? password) !== undefined) {
      return fail('apiKey', 'expected apiKey, or username and password, not both')
    }
    if ((username === undefined) !== (password === undefined)) {
      return fail(
        username === undefined ? 'username' : 'password',
        'expected username and password, or neither',
      )
    }
    return {
      ...withoutUndefined(others),
      nodes: urls,
      credential: credentialOf(apiKey, username, password),
      ...(refreshInterval === undefined ? {} : { refreshIntervalMs: refreshInterval }),
      ...(retention === undefined ? {} : { retentionMs: retention }),
    }
  })
  // For the JSON Schema of the configuration only; `transform` checks the same.
  .meta({ anyOf: [{ required: ['nodes'] }, { required: ['cloudId'] }] })

function credentialOf(apiKey?: string, username?: string, password?: string): Credential {
  if (apiKey !== undefined) return { kind: 'api-key', apiKey }
  if (username !== undefined && password !== undefined) return { kind: 'basic', username, password }
  return { kind: 'none' }
}

function isWithoutQuery(node: string): boolean {
  const url = URL.parse(node)
  return url?.search === '' && url.hash === ''
}

function wholeNumber(min: number, max: number) {
  const message = `expected a whole number from ${min} to ${max}`
  return z.int(message).min(min, message).max(max, message)
}

type Defined<Value> = { [Key in keyof Value]: Exclude<Value[Key], undefined> }

function withoutUndefined<Value extends object>(value: Value): Defined<Value> {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as Defined<Value>
}
