import { referenceKeySink } from '../reference-sinks/key-sink.ts'
import { referenceLogSink } from '../reference-sinks/log-sink.ts'
import { referencePositionSink } from '../reference-sinks/position-sink.ts'

export const referencePlugins = {
  key: referenceKeySink,
  position: referencePositionSink,
  none: referenceLogSink,
} as const

/** Imported with `?idempotence=key`. */
const chosen = new URL(import.meta.url).searchParams.get('idempotence') as keyof typeof referencePlugins

// biome-ignore lint/style/noDefaultExport: the module of a plugin has it as its default.
export default referencePlugins[chosen]
