import { sharedPostgresUrl } from '@cdrstream-internal/services'
import { afterAll, beforeAll, beforeEach, onTestFinished } from 'vitest'
import { queryAt, type Row, TrialSink } from './trial-sink.ts'

/** The schema of one test file, on the shared server. */
export interface TestSchema {
  readonly name: string
  url(): string
  query(text: string): Promise<readonly Row[]>
  openSink(more?: Readonly<Record<string, unknown>>, incarnation?: string, sink?: string): Promise<TrialSink>
}

/** Returns a schema that is removed before each test of the file. */
export function useTestSchema(name: string): TestSchema {
  let url = ''
  const query = (text: string): Promise<readonly Row[]> => queryAt(url, text)
  const drop = () => query(`drop schema if exists ${name} cascade`)
  beforeAll(async () => {
    url = await sharedPostgresUrl()
  })
  beforeEach(drop)
  afterAll(drop)
  return {
    name,
    url: () => url,
    query,
    openSink: async (more = {}, incarnation, sink) => {
      const trial = new TrialSink({ url, schema: name, ...more }, incarnation, sink)
      onTestFinished(() => trial.close())
      await trial.open()
      return trial
    },
  }
}
