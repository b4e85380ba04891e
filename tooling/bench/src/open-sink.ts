import type { Batch, SinkPlugin } from '@cdrstream/plugin'

export interface OpenSink {
  write(batch: Batch): Promise<void>
  close(): Promise<void>
}

/** Opens a sink. Its `write` throws unless the sink accepts all records. */
export async function openSink<Options>(
  plugin: SinkPlugin<Options>,
  given: object,
  name: string,
): Promise<OpenSink> {
  const call = { signal: new AbortController().signal }
  const log = { debug() {}, info() {}, warn() {}, error() {} }
  const checked = await plugin.options['~standard'].validate(given)
  if (checked.issues !== undefined) throw new Error(`the sink ${plugin.name} refuses its options`)
  const sink = plugin.create(checked.value, { name, baseDirectory: '/', log })
  const opened = await sink.open({ ...call, acknowledged: null, owns: async () => true })
  if (opened.kind !== 'opened') throw new Error(`the sink ${plugin.name} could not be opened`)
  const { session } = opened
  return {
    write: async (batch) => {
      const outcome = await session.write(batch, call)
      if (outcome.kind !== 'accepted' || outcome.refused !== undefined || outcome.again !== undefined)
        throw new Error(`the sink ${plugin.name} did not accept all records: ${outcome.kind}`)
    },
    close: async () => session.close?.(call),
  }
}
