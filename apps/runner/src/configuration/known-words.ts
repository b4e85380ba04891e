import { catalogue } from '@cdrstream/catalogue'
import { classWords } from './field-policy/class-words.ts'
import { nearestWord } from './nearest-word.ts'
import { configurationSchema } from './schema/configuration-schema.ts'
import { schemaKeys } from './schema/schema-keys.ts'

/**
 * Option keys of the built-in sinks that a secret can follow, listed here so that the sinks' schemas need not
 * be loaded.
 */
const optionKeys = ['url', 'nodes', 'cloudId', 'apiKey', 'username', 'password', 'directory'] as const

/** All keys of a configuration. */
export const knownKeys: ReadonlySet<string> = new Set([
  ...schemaKeys(configurationSchema),
  ...optionKeys,
  ...Object.values(classWords),
  'unknown',
  ...catalogue.map(({ column }) => column),
])

const knownValues = [
  ...['auto', 'gov', 'earliest', 'now', 'keep', 'drop', 'hash', 'mask'],
  ...['file', 'postgres', 'elasticsearch', 'ndjson', 'none', 'gzip', 'zstd', 'true', 'false'],
  ...['disable', 'require', 'verify-ca', 'verify-full'],
]

/** Returns whether a word is one of the configuration's keys or values, or a typo of one. */
export function isNearKnown(word: string): boolean {
  return knownKeys.has(word) || nearestWord(word, [...knownKeys, ...knownValues]) !== undefined
}
