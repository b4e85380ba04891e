import { referenceKeySink } from '../../src/reference-sinks/key-sink.ts'
import { referenceLogSink } from '../../src/reference-sinks/log-sink.ts'
import { referencePositionSink } from '../../src/reference-sinks/position-sink.ts'

export const referencePlugins = {
  key: referenceKeySink,
  position: referencePositionSink,
  none: referenceLogSink,
} as const

/** The sink to export: the module is imported with `?idempotence=key`, for example. */
const chosen = new URL(import.meta.url).searchParams.get('idempotence') as keyof typeof referencePlugins

// biome-ignore lint/style/noDefaultExport: a plugin is the default export of its module.
export default referencePlugins[chosen]
