import type { Digest } from '@cdrstream/core'
import type { Engine } from '@cdrstream/engine'
import type { SqliteJournal } from '@cdrstream/journal-sqlite'
import type { Logger, SinkTraits } from '@cdrstream/plugin'
import type { ReloadResult } from '../reload/reload-result.ts'
import type { RequestResult } from './operator-request.ts'

/** What the request executor needs. */
export interface ExecutorMeans {
  readonly journal: SqliteJournal
  /** The configured sinks. */
  readonly sinks: readonly { readonly name: string; readonly traits: SinkTraits }[]
  /** The delivering engine. Without one, only the journal is changed. */
  readonly engine?: Pick<Engine, 'sink'>
  /** Called after records have been appended to the journal. */
  readonly appended?: () => void
  /** Reads the configuration again; undefined if this process does not. */
  readonly reload?: () => Promise<ReloadResult>
  readonly digest: Digest
  readonly log: Logger
  readonly nowMs: () => number
}

/** The state of a request after a step. */
export type RequestStep =
  | { readonly state: 'done' | 'refused'; readonly result: RequestResult }
  /** The request continues with the next step. `moved`: whether this step has changed anything. */
  | { readonly state: 'running'; readonly moved: boolean }

export function done(code: string, message: string, details?: RequestResult['details']): RequestStep {
  return { state: 'done', result: { code, message, ...(details && { details }) } }
}

export function refused(code: string, message: string, details?: RequestResult['details']): RequestStep {
  return { state: 'refused', result: { code, message, ...(details && { details }) } }
}

/** Returns the refusal for a sink that is not configured. */
export function unknownSink(name: string, { sinks }: Pick<ExecutorMeans, 'sinks'>): RequestStep {
  const known = sinks.map((sink) => sink.name).join(', ')
  return refused('unknown-sink', `expected the name of a configured sink (${known}), found ${name}`)
}
