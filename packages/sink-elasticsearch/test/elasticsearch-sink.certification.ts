import { catalogue } from '@cdrstream/catalogue'
import type { StoredMark } from '@cdrstream/plugin'
import { type ShownRecord, type SinkCertification, startBreakableProxy } from '@cdrstream/testkit'
import { sharedElasticsearchUrl } from '@cdrstream-internal/services'
import { answeringServer } from './support/answering-server.ts'
import { type FoundDocument, reader } from './support/reader.ts'

interface Given {
  readonly nodes: readonly string[]
  readonly username: string
  readonly password: string
  readonly indexPrefix: string
  readonly replicas: number
}

const password = 'a-password-of-the-test'
const times: ReadonlySet<string> = new Set(
  catalogue.filter(({ type }) => type === 'timestamp').map(({ column }) => column),
)

/**
 * Each place has its own prefix, behind a proxy. This server requires no password; the server of the security
 * tests does.
 */
export default {
  options: async (place) => ({
    nodes: [`http://127.0.0.1:${(await proxy()).port}`],
    username: 'tester',
    password,
    indexPrefix: place,
    replicas: 0,
  }),
  module: new URL('../src/index.ts', import.meta.url),
  readBack: async ({ indexPrefix }) => {
    const documents = await reader(await sharedElasticsearchUrl()).documents(indexPrefix)
    return documents.map(shown)
  },
  readMarks: async ({ indexPrefix }) => {
    const documents = await reader(await sharedElasticsearchUrl()).documents(`${indexPrefix}-coverage`)
    return new Map(documents.map(({ _source }) => [String(_source.org), mark(_source)]))
  },
  breakIt: {
    down: async () => (await proxy()).set('down'),
    hang: async () => (await proxy()).set('silent'),
    denied: async () => (await proxy()).set({ port: (await denying()).port }),
  },
  healIt: async () => (await proxy()).set('up'),
  secrets: () => [password, Buffer.from(`tester:${password}`).toString('base64')],
  cleanUp: async ({ indexPrefix }) => {
    const server = reader(await sharedElasticsearchUrl())
    const indices = Object.keys(
      await server.ask('GET', `/${indexPrefix}-*?expand_wildcards=all&filter_path=*.settings.index.uuid`),
    )
    if (indices.length > 0) await server.ask('DELETE', `/${indices.join()}`)
    await server.ask('DELETE', `/_index_template/${indexPrefix}`)
  },
} satisfies SinkCertification<Given>

const proxy = once(async () => {
  const { hostname, port } = new URL(await sharedElasticsearchUrl())
  return startBreakableProxy({ host: hostname, port: Number(port) })
})

/** Starts a server that rejects every credential as Elasticsearch does. */
const denying = once(async () => {
  const { url } = await answeringServer(() => ({
    status: 401,
    body: { error: { type: 'security_exception' }, status: 401 },
  }))
  return { port: Number(new URL(url).port) }
})

function once<Started>(start: () => Promise<Started>): () => Promise<Started> {
  let started: Promise<Started> | undefined
  return () => {
    started ??= start()
    return started
  }
}

/** Reads a mark as a reader of the index would, without the sink's code. */
function mark({ complete_through: completeThrough, gaps }: FoundDocument['_source']): StoredMark {
  const found = gaps as readonly { readonly from: string; readonly to: string; readonly reason: never }[]
  return {
    completeThroughMs: Date.parse(String(completeThrough)),
    gaps: found.map(({ from, to, reason }) => ({ fromMs: Date.parse(from), toMs: Date.parse(to), reason })),
  }
}

function shown({
  _source: { org, key, rank, home, extra = {}, extra_text = '{}', ...fields },
}: FoundDocument): ShownRecord {
  const values = Object.entries(fields).map(([column, value]) => [
    column,
    times.has(column) ? new Date(value as string | number) : value,
  ])
  return {
    org: String(org),
    key: String(key),
    rank: Number(rank),
    home: String(home),
    fields: Object.fromEntries(values),
    extra: new Map([...Object.entries(extra as object), ...Object.entries(JSON.parse(String(extra_text)))]),
  }
}
