import type { BuiltInSinks } from './sinks/find-sink.ts'

/** By what stands in `use`. Only those that are used are loaded: a client of a database takes its time. */
export const builtInSinks: BuiltInSinks = new Map<string, () => Promise<object>>([
  ['file', () => import('@cdrstream/sink-file')],
  ['postgres', () => import('@cdrstream/sink-postgres')],
  ['elasticsearch', () => import('@cdrstream/sink-elasticsearch')],
])
