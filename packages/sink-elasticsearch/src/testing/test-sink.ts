import type { Call, Sink, SinkContext } from '@cdrstream/plugin'
import { elasticsearchSink } from '../index.ts'

export const call: Call = { signal: new AbortController().signal }

/** What a sink logged, one text a line. */
export interface Logged {
  readonly lines: string[]
}

export type TestSink = Sink & Required<Pick<Sink, 'open' | 'mark' | 'check' | 'close'>>

/** A sink as the runner makes it: its options are those of the configuration. Throws if they are not valid. */
export async function testSink(options: object, logged: Logged = { lines: [] }): Promise<TestSink> {
  const result = await elasticsearchSink.options['~standard'].validate(options)
  if (result.issues !== undefined) throw new Error(JSON.stringify(result.issues))
  const note = (message: string, fields: object = {}) =>
    logged.lines.push(`${message} ${JSON.stringify(fields)}`)
  const context: SinkContext = {
    name: 'search',
    baseDirectory: '/',
    log: { debug: note, info: note, warn: note, error: note },
  }
  return elasticsearchSink.create(result.value, context) as TestSink
}
