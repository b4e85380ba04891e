import { createWords } from '@cdrstream/core/words'
import { type Engine, type EngineEnd, startEngine } from '@cdrstream/engine'
import { createNodePlatform } from '@cdrstream/engine/node'
import type { JournalRequest, SqliteJournal } from '@cdrstream/journal-sqlite'
import { builtInSinks } from '../built-in-sinks.ts'
import type { CollectConfiguration, Configuration } from '../configuration/configuration.ts'
import { loadToCollect } from '../configuration/load-configuration.ts'
import { wordsOf } from '../configuration/words-of.ts'
import { sinkSetup } from '../engine-setup.ts'
import { createLogger } from '../log/create-logger.ts'
import { proxySecrets } from '../network.ts'
import type { Terminal } from '../terminal.ts'
import { awaitedOffsets } from './carry-out-retry.ts'
import type { OperatorRequest } from './operator-request.ts'
import { RequestExecutor } from './request-executor.ts'
import type { ExecutorMeans } from './request-step.ts'
import type { RetryProgress } from './retry-progress.ts'

export interface OwnMeans {
  readonly config: string
  readonly configuration: Configuration
  readonly journal: SqliteJournal
  readonly terminal: Terminal
  /** Stops the work. The next collector continues it. */
  readonly stopping: AbortSignal
}

export type OwnOutcome =
  | { readonly kind: 'request'; readonly request: JournalRequest }
  /** One line for each configuration problem. Nothing was changed. */
  | { readonly kind: 'problems'; readonly lines: readonly string[] }

/**
 * Carries out a request in this process, which holds the journal because no collector is running. Changes the
 * journal, and delivers the records that the request concerns. Collects nothing.
 */
export async function carryOutOwn(
  request: OperatorRequest,
  add: () => Promise<number>,
  means: OwnMeans,
): Promise<OwnOutcome> {
  const { terminal, config, configuration } = means
  if (request.kind !== 'replay' && request.kind !== 'quarantine-retry') {
    const sinks = configuration.sinkNames.map((name) => ({ name, traits: { idempotence: 'none' as const } }))
    return { kind: 'request', request: await carryOut(request, await add(), sinks, means) }
  }
  // Only deliveries need the sinks' options and secrets.
  const loaded = await loadToCollect({ file: config, builtInSinks, variable: terminal.variable })
  if (loaded.kind === 'problems') return loaded
  const sinks = loaded.configuration.sinks.map(({ name, sink }) => ({ name, traits: sink.traits }))
  return {
    kind: 'request',
    request: await carryOut(request, await add(), sinks, means, loaded.configuration),
  }
}

async function carryOut(
  request: OperatorRequest,
  id: number,
  sinks: ExecutorMeans['sinks'],
  { journal, terminal, stopping }: OwnMeans,
  configuration?: CollectConfiguration,
): Promise<JournalRequest> {
  const { clock, digest } = createNodePlatform()
  const log = createLogger({ level: 'error', pretty: terminal.errorIsTerminal, words: createWords([]) })
  const executor = new RequestExecutor({ journal, sinks, digest, log, nowMs: clock.nowMs })
  while (true) {
    while ((await executor.step(id)) && !stopping.aborted) {}
    const known = await requestOf(id, journal)
    if (known.state !== 'running' || stopping.aborted || configuration === undefined) return known
    const awaited = await awaitedSinks(request, known, sinks, journal)
    const isDelivered = await deliver(awaited, configuration, journal, terminal, stopping)
    if (isDelivered) continue
    await executor.step(id)
    return requestOf(id, journal)
  }
}

/** Returns a request that is known to be in the journal. */
export async function requestOf(id: number, journal: SqliteJournal): Promise<JournalRequest> {
  const request = await journal.request(id)
  if (request === undefined) throw new Error(`the journal does not contain request ${id}`)
  return request
}

async function awaitedSinks(
  request: OperatorRequest,
  { progress }: JournalRequest,
  sinks: Parameters<typeof awaitedOffsets>[1],
  journal: SqliteJournal,
): Promise<readonly string[]> {
  if (request.kind === 'replay') return [request.sink]
  if (request.kind !== 'quarantine-retry' || progress === undefined) return []
  const awaited: string[] = []
  for (const [name, offset] of awaitedOffsets(progress as RetryProgress, sinks)) {
    const standing = await journal.sink(name)
    if ((standing?.acknowledged.offset ?? 0) < offset) awaited.push(name)
  }
  return awaited
}

/** Delivers the journal's records to these sinks. Returns whether all sinks have received everything. */
async function deliver(
  names: readonly string[],
  configuration: CollectConfiguration,
  journal: SqliteJournal,
  terminal: Terminal,
  stopping: AbortSignal,
): Promise<boolean> {
  if (names.length === 0) return false
  const platform = createNodePlatform()
  const words = wordsOf(configuration, proxySecrets(terminal.variable))
  const log = createLogger({ level: 'warn', pretty: terminal.errorIsTerminal, words })
  const engine: Engine = startEngine({
    orgs: [],
    sinks: configuration.sinks
      .filter(({ name }) => names.includes(name))
      .map((sink) => sinkSetup(sink, configuration.baseDirectory, log)),
    terms: configuration.terms,
    platform,
    log,
    // Pruning must wait for all sinks, but this engine has only some.
    journal: { ...journal, prune: async () => ({ records: 0, sinkGaps: [] }) },
    words,
    mode: 'once',
  })
  if (stopping.aborted) engine.stop()
  else stopping.addEventListener('abort', () => engine.stop(), { once: true })
  const { sinks }: EngineEnd = await engine.ended
  return names.every((name) => sinks.get(name) === 'done')
}
