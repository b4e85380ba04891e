import { fileSink } from '@cdrstream/sink-file'
import { type BuiltInSink, builtInSink } from './configuration/built-in-sink.ts'

/** By what stands in `use`. */
export const builtInSinks: ReadonlyMap<string, BuiltInSink> = new Map([
  ['file', builtInSink(fileSink, ({ directory }) => [directory])],
])
