import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock, EngineActivity, EngineObserver } from '@cdrstream/engine'
import { findHolder, type SqliteJournal } from '@cdrstream/journal-sqlite'
import type { Logger } from '@cdrstream/plugin'
import type { CollectConfiguration } from '../configuration/configuration.ts'
import { recent } from '../http/recent.ts'
import type { SignIns } from '../sign-in/create-sign-ins.ts'
import type { StateBoard } from '../states/state-board.ts'
import { readStatus } from '../status/read-status.ts'
import { observeSignIns } from './observe-sign-ins.ts'
import { observeStatus } from './observe-status.ts'
import type { TelemetrySettings } from './telemetry-variables.ts'

export interface ObserveOptions {
  readonly configuration: CollectConfiguration
  readonly settings: TelemetrySettings
  readonly journal: SqliteJournal
  readonly signIns: SignIns
  readonly clock: Clock
  readonly board: StateBoard
  readonly version: string
  readonly log: Logger
  readonly stopping: AbortSignal
}

/** Makes a collector observable through metrics, traces and an HTTP server. */
interface ObservedCollector extends AsyncDisposable {
  readonly observer: EngineObserver
  readonly activity?: EngineActivity
  /** Returns whether everything was sent and closed before the timeout. */
  close(): Promise<boolean>
}

export type Observed =
  | { readonly kind: 'observed'; readonly observed: ObservedCollector }
  /** One line for the user. */
  | { readonly kind: 'problem'; readonly line: string }

/** Requests for the status within this time share one reading. */
const keepMs = 1_000
const longestCloseMs = 2_000

/** Starts what the configuration and the variables enable, and loads modules only for those parts. */
export async function observeCollector(options: ObserveOptions): Promise<Observed> {
  const { configuration, settings, journal, clock, board, signIns } = options
  const { http, orgs, sinks } = configuration
  const isScraped = http !== undefined
  const status = recent(
    async () => readStatus(configuration, journal, findHolder(configuration.journal.path), Date.now()),
    keepMs,
  )
  const telemetry =
    isScraped || settings.metrics || settings.traces
      ? await (await import('./start-telemetry.ts')).startTelemetry({
          ...options,
          isScraped,
          subjects: orgs.length + sinks.length,
        })
      : undefined
  const served = isScraped
    ? await (await import('../http/serve-http.ts')).serveHttp({
        ...options,
        readStatus: status,
        scrape: telemetry?.scrape,
      })
    : undefined
  if (served?.kind === 'problem') {
    await telemetry?.shutdown()
    return served
  }
  const service = served?.service
  // An SDK that the user has loaded can have its own process metrics.
  const measured = telemetry?.isForMetrics
    ? (await import('./observe-process.ts')).observeProcess()
    : undefined
  const observing = [observeSignIns(signIns, clock.nowMs), observeStatus(status)]
  const close = async () => {
    await service?.[Symbol.asyncDispose]()
    const hasEnded = await endsInTime(telemetry?.shutdown())
    for (const each of [...observing, measured]) each?.[Symbol.dispose]()
    return hasEnded
  }
  let closing: Promise<boolean> | undefined
  const closeOnce = () => {
    closing ??= close()
    return closing
  }
  return {
    kind: 'observed',
    observed: {
      observer: {
        stateChanged: (state) => {
          board.stateChanged(state)
          service?.observer.stateChanged(state)
        },
      },
      ...(service && { activity: service.activity }),
      close: closeOnce,
      [Symbol.asyncDispose]: async () => void (await closeOnce()),
    },
  }
}

/** Limits the wait for a telemetry receiver that does not respond. */
async function endsInTime(work: Promise<void> = Promise.resolve()): Promise<boolean> {
  const late = sleep(longestCloseMs, false, { ref: false })
  return await Promise.race([work.then(() => true), late])
}
