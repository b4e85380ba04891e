import type { BuiltInSinks } from './sinks/find-sink.ts'

/**
 * The built-in sinks by the value of `use`. Each is loaded on demand, because database clients are slow to
 * load.
 */
export const builtInSinks: BuiltInSinks = new Map<string, () => Promise<object>>([
  ['file', () => import('@cdrstream/sink-file')],
  ['postgres', () => import('@cdrstream/sink-postgres')],
  ['elasticsearch', () => import('@cdrstream/sink-elasticsearch')],
])
