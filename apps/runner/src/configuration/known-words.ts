import { catalogue } from '@cdrstream/catalogue'
import { classWords } from './field-policy/class-words.ts'
import { nearestWord } from './nearest-word.ts'
import { configurationSchema } from './schema/configuration-schema.ts'
import { schemaKeys } from './schema/schema-keys.ts'

/** Of the built-in sinks, whose schemas are not loaded for this; those that a secret may stand behind. */
const optionKeys = ['url', 'nodes', 'cloudId', 'apiKey', 'username', 'password', 'directory'] as const

/** The keys of a configuration. */
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

/** Whether a word is one of the configuration's own, or a slip of the pen away from one. */
export function isNearKnown(word: string): boolean {
  return knownKeys.has(word) || nearestWord(word, [...knownKeys, ...knownValues]) !== undefined
}
