import { referenceKeySink } from '../../src/reference-sinks/key-sink.ts'
import { referenceLogSink } from '../../src/reference-sinks/log-sink.ts'
import { referencePositionSink } from '../../src/reference-sinks/position-sink.ts'

export const referencePlugins = {
  key: referenceKeySink,
  position: referencePositionSink,
  none: referenceLogSink,
} as const

/** Imported with `?idempotence=key`. */
const chosen = new URL(import.meta.url).searchParams.get('idempotence') as keyof typeof referencePlugins

// biome-ignore lint/style/noDefaultExport: the module of a plugin has it as its default.
export default referencePlugins[chosen]
