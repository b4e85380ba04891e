import type { Batch, Sink, SinkPlugin } from '@cdrstream/plugin'

export interface OpenSink {
  write(batch: Batch): Promise<void>
  close(): Promise<void>
}

/** A sink, opened; it throws where it does not accept all. */
export async function openSink<Options>(
  plugin: SinkPlugin<Options>,
  given: object,
  name: string,
): Promise<OpenSink> {
  const call = { signal: new AbortController().signal }
  const log = { debug() {}, info() {}, warn() {}, error() {} }
  const checked = await plugin.options['~standard'].validate(given)
  if (checked.issues !== undefined) throw new Error(`the options of the sink ${plugin.name} are not accepted`)
  const sink: Sink = plugin.create(checked.value, { name, baseDirectory: '/', log })
  const opened = await sink.open?.(call)
  if (opened !== undefined && opened.kind !== 'opened')
    throw new Error(`the sink ${plugin.name} does not open`)
  return {
    write: async (batch) => {
      const outcome = await sink.write(batch, call)
      if (outcome.kind !== 'accepted' || outcome.refused !== undefined || outcome.again !== undefined)
        throw new Error(`the sink ${plugin.name} did not accept: ${outcome.kind}`)
    },
    close: async () => sink.close?.(call),
  }
}
