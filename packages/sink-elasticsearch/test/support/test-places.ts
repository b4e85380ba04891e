import type { OpenCall } from '@cdrstream/plugin'
import { sharedElasticsearchUrl } from '@cdrstream-internal/services'
import { type Reader, reader } from './reader.ts'
import { type Logged, openTestSession, type TestSession, type TestSink, testSink } from './test-sink.ts'

/** The timeout in milliseconds for hooks and tests that may have to start the server. */
export const serverStartMs = 180_000

interface Place {
  readonly session: TestSession
  /** The `indexPrefix` option. */
  readonly alias: string
  /** Returns the name of a month's index. The month is given as `2026.11`. */
  month(month: string): string
}

/** Places for sinks on the shared server, all under one prefix. */
export interface TestPlaces {
  readonly url: string
  readonly server: Reader
  /** Opens a sink in a new place. Throws if it does not open. */
  opened(options?: object, logged?: Logged): Promise<Place>
  /** Opens another sink in an existing place. */
  another(alias: string, options?: object, logged?: Logged, known?: Partial<OpenCall>): Promise<TestSession>
  /** Creates a sink without opening it. */
  unopened(alias: string, options?: object, logged?: Logged): Promise<TestSink>
  newAlias(): string
  removeAll(): Promise<void>
}

export async function testPlaces(prefix: string): Promise<TestPlaces> {
  const url = await sharedElasticsearchUrl()
  const server = reader(url)
  let count = 0
  const newAlias = () => `${prefix}-${count++}x`
  const unopened = (indexPrefix: string, options: object = {}, logged?: Logged) =>
    testSink({ nodes: [url], indexPrefix, replicas: 0, ...options }, logged)
  const another: TestPlaces['another'] = async (alias, options, logged, known) =>
    openTestSession(await unopened(alias, options, logged), known)
  const removeAll = async () => {
    const indices = Object.keys(
      await server.ask('GET', `/${prefix}*?expand_wildcards=all&filter_path=*.settings.index.uuid`),
    )
    if (indices.length > 0) await server.ask('DELETE', `/${indices.join()}`)
    const { index_templates: templates = [] } = await server.ask(
      'GET',
      '/_index_template?filter_path=index_templates.name',
    )
    const names = templates
      .map(({ name }: { name: string }) => name)
      .filter((name: string) => name.startsWith(prefix))
    if (names.length > 0) await server.ask('DELETE', `/_index_template/${names.join()}`)
  }
  await removeAll()
  return {
    url,
    server,
    async opened(options, logged) {
      const alias = newAlias()
      return { session: await another(alias, options, logged), alias, month: (month) => `${alias}-${month}` }
    },
    another,
    unopened,
    newAlias,
    removeAll,
  }
}
