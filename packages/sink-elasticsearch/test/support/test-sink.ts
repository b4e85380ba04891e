import type { Batch, Call, Mark, OpenCall, RecordReference, Sink, SinkContext } from '@cdrstream/plugin'
import type { ElasticsearchSession } from '../../src/elasticsearch-session.ts'
import { elasticsearchSink } from '../../src/index.ts'

export const call: Call = { signal: new AbortController().signal }
export const openCall: OpenCall = { ...call, acknowledged: null, owns: async () => true }

/** The lines that a sink has logged. */
export interface Logged {
  readonly lines: string[]
}

export type TestSink = Required<Pick<Sink, 'open' | 'check'>>

/** A session whose calls need no signal. */
export interface TestSession extends AsyncDisposable {
  readonly sink: TestSink
  write(batch: Batch): ReturnType<ElasticsearchSession['write']>
  mark(...marks: readonly Mark[]): Promise<void>
  holds(...records: readonly RecordReference[]): ReturnType<ElasticsearchSession['holds']>
  close(): Promise<void>
}

/** Creates a sink as the runner does, from the options of the configuration. Throws if they are not valid. */
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

/** Opens a session. Throws if the sink does not open. */
export async function openTestSession(sink: TestSink, known: Partial<OpenCall> = {}): Promise<TestSession> {
  const outcome = await sink.open({ ...openCall, ...known })
  if (outcome.kind !== 'opened') throw new Error(JSON.stringify(outcome))
  const session = outcome.session as ElasticsearchSession
  let isOpen = true
  const close = async () => {
    if (isOpen) await session.close()
    isOpen = false
  }
  return {
    sink,
    write: (batch) => session.write(batch, call),
    mark: (...marks) => session.mark(marks, call),
    holds: (...records) => session.holds(records, call),
    close,
    [Symbol.asyncDispose]: close,
  }
}
