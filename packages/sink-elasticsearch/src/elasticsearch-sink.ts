import { defineSink, type OpenCall, type Sink, type SinkContext } from '@cdrstream/plugin'
import { checkServer } from './check/check-server.ts'
import { guarded } from './classify-error.ts'
import { ElasticsearchSession } from './elasticsearch-session.ts'
import { type ElasticsearchSinkOptions, elasticsearchSinkOptions } from './elasticsearch-sink-options.ts'
import { indexNames } from './indices/index-names.ts'
import { indexTemplate } from './indices/index-template.ts'
import { putTemplate } from './indices/put-template.ts'
import { connect } from './server/connect.ts'
import { missingPrivileges, missingPrivilegesFault } from './server/missing-privileges.ts'
import { requiredPrivileges } from './server/privileges.ts'
import type { Server } from './server/server.ts'

const batch = { records: 10_000, bytes: 32_000_000 }

/** The plugin of the Elasticsearch sink, which stores each record once in monthly indices. See README.md. */
export const elasticsearchSink = defineSink({
  name: 'elasticsearch',
  options: elasticsearchSinkOptions,
  traits: { idempotence: 'key', revisions: 'latest', batch },
  create: createSink,
})

/** Creates a sink. All durable state is in Elasticsearch. The sink keeps none between sessions. */
function createSink(options: ElasticsearchSinkOptions, context: SinkContext): Sink {
  return {
    open: (call) =>
      guarded(async () => {
        const server = await connect(options, context.baseDirectory)
        try {
          return { kind: 'opened', session: await openSession(server, options, context, call) }
        } catch (error) {
          await server.close()
          throw error
        }
      }),
    check: ({ signal }) => checkServer(options, context.baseDirectory, signal),
  }
}

async function openSession(
  server: Server,
  options: ElasticsearchSinkOptions,
  { log }: SinkContext,
  call: OpenCall,
): Promise<ElasticsearchSession> {
  const { signal } = call
  const names = indexNames(options.indexPrefix)
  const missing = await missingPrivileges(server, requiredPrivileges(names, options), signal)
  if (missing.length > 0) throw missingPrivilegesFault(missing)
  if (options.manageTemplate) await putTemplate(server, indexTemplate(options), log, signal)
  const session = new ElasticsearchSession(server, options, log)
  await session.deleteExpired(signal)
  await session.recognizeJournal(call)
  return session
}
