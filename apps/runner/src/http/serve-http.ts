import { randomBytes } from 'node:crypto'
import type { Clock, EngineActivity, EngineObserver } from '@cdrstream/engine'
import type { Logger } from '@cdrstream/plugin'
import type { CollectConfiguration } from '../configuration/configuration.ts'
import type { StateBoard } from '../states/state-board.ts'
import type { Status } from '../status/status.ts'
import { EventFeed } from './event-feed.ts'
import { LoopBoard } from './health.ts'
import { openHttpServer } from './open-http-server.ts'
import { ActivityPublisher } from './publish-activity.ts'
import { judgeReadiness } from './readiness.ts'
import { recent } from './recent.ts'

export interface ServeHttpOptions {
  readonly configuration: CollectConfiguration
  readonly clock: Clock
  readonly board: StateBoard
  readonly log: Logger
  readonly readStatus: () => Promise<Status>
  /** Returns the metrics in the Prometheus text format. Undefined if a different SDK exports them. */
  readonly scrape: (() => Promise<string>) | undefined
  readonly stopping: AbortSignal
}

/** The running server, and the ports through which the engine reports to it. */
export interface HttpService extends AsyncDisposable {
  readonly observer: EngineObserver
  readonly activity: EngineActivity
}

export type ServedHttp =
  | { readonly kind: 'service'; readonly service: HttpService }
  | { readonly kind: 'problem'; readonly line: string }

/** Requests for metrics within this time share one reading. */
const keepMs = 1_000

/** Starts the server on the configured address, or returns one line that explains why it cannot. */
export async function serveHttp(options: ServeHttpOptions): Promise<ServedHttp> {
  const { configuration, clock, board, log, readStatus, scrape, stopping } = options
  const { http, certificate } = configuration
  if (http === undefined) throw new Error('no HTTP server is configured')
  const loops = new LoopBoard(() => clock.nowMs())
  const events = new EventFeed(randomBytes(4).toString('hex'))
  const publisher = new ActivityPublisher(events)
  const opened = await openHttpServer({
    http,
    certificate,
    sources: {
      health: () => loops.health(),
      readiness: () =>
        judgeReadiness({
          states: board.states,
          isStopping: stopping.aborted,
          // A reload changes them.
          subjects: configuration.orgs.length + configuration.sinks.length,
        }),
      status: readStatus,
      metrics: scrape && recent(scrape, keepMs),
      events,
    },
    onFault: (path, error) => log.warn('an HTTP request failed', { path, error }),
  })
  if (opened.kind === 'problem') return opened
  const { server } = opened
  log.info('serving HTTP', { url: server.url })
  return {
    kind: 'service',
    service: {
      observer: publisher,
      activity: {
        loopMoved: (loop, dueMs) => loops.loopMoved(loop, dueMs),
        loopEnded: (loop) => loops.loopEnded(loop),
        pageCommitted: (page) => publisher.pageCommitted(page),
        recordsRefused: (refused) => publisher.recordsRefused(refused),
        gapFound: (org, spans) => publisher.gapFound(org, spans),
      },
      [Symbol.asyncDispose]: async () => {
        publisher[Symbol.dispose]()
        await server.close()
      },
    },
  }
}
