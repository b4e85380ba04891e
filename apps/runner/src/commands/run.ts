import { type Engine, type EngineEnd, type Platform, type SubjectState, startEngine } from '@cdrstream/engine'
import { createNodePlatform } from '@cdrstream/engine/node'
import type { SqliteJournal } from '@cdrstream/journal-sqlite'
import type { Logger } from '@cdrstream/plugin'
import { builtInSinks } from '../built-in-sinks.ts'
import type { CollectConfiguration } from '../configuration/configuration.ts'
import { loadToCollect } from '../configuration/load-configuration.ts'
import { secretsOf } from '../configuration/words-of.ts'
import { type ExitCode, exitCodeOfOnce, exitCodes } from '../exit-code.ts'
import { accessJournal, type TightenedFile } from '../journal-access.ts'
import { createLogger, type LogLevel } from '../log/create-logger.ts'
import { LiveWords } from '../log/live-words.ts'
import { summarize } from '../log/summarize.ts'
import { createTransport, networkProblems, proxySecrets } from '../network.ts'
import { CollectorSetups } from '../reload/collector-setups.ts'
import type { ConfigurationDifference } from '../reload/configuration-difference.ts'
import { CurrentConfiguration } from '../reload/current-configuration.ts'
import { Hangups } from '../reload/hangups.ts'
import type { ReloadResult } from '../reload/reload-result.ts'
import { Reloader } from '../reload/reloader.ts'
import { renameOrgs } from '../rename-orgs.ts'
import { pollRequests } from '../requests/poll-requests.ts'
import { RequestExecutor } from '../requests/request-executor.ts'
import { waitForRenewals } from '../sign-in/wait-for-renewals.ts'
import { amountLeft } from '../states/amount-left.ts'
import { reportStates } from '../states/report-states.ts'
import { StateBoard } from '../states/state-board.ts'
import { stopSignal } from '../stop-signal.ts'
import { observeCollector } from '../telemetry/observe-collector.ts'
import { readTelemetryVariables, type TelemetryReading } from '../telemetry/telemetry-variables.ts'
import type { Terminal } from '../terminal.ts'
import { readVersion } from '../version.ts'
import { SinkWatch } from '../watchdog/sink-watch.ts'

export interface RunOptions {
  readonly config: string
  readonly once: boolean
  /** With `once`: the run ends after this long without progress, in milliseconds. */
  readonly timeout?: number
  readonly logLevel: LogLevel
}

/** A last resort, because the engine already gives up its last deliveries 10 s after a stop. */
const longestStopMs = 14_000

/** `cdrstream run`: collects and delivers until it is stopped, or with `once` until it is done. */
export async function run(options: RunOptions, terminal: Terminal): Promise<ExitCode> {
  // Listens first, because a service manager can stop the process while the journal is being opened.
  using stopping = stopSignal(terminal, { hangup: 'nothing' })
  using hangups = new Hangups(terminal)
  const loaded = await loadToCollect({ file: options.config, builtInSinks, variable: terminal.variable })
  const telemetry = readTelemetryVariables(terminal.variable)
  const lines = [
    ...(loaded.kind === 'problems' ? loaded.lines : []),
    ...networkProblems(terminal.variable),
    ...telemetry.problems,
  ]
  for (const line of lines) terminal.say(line)
  if (loaded.kind === 'problems' || lines.length > 0) return exitCodes.usage
  // Awaited here, so that signals are handled until the end.
  return await collect(loaded.configuration, options, telemetry, terminal, {
    stopping: stopping.signal,
    hangups,
  })
}

async function collect(
  loaded: CollectConfiguration,
  options: RunOptions,
  telemetry: TelemetryReading,
  terminal: Terminal,
  { stopping, hangups }: { readonly stopping: AbortSignal; readonly hangups: Hangups },
): Promise<ExitCode> {
  const { once, timeout, logLevel } = options
  const configuration = new CurrentConfiguration(loaded)
  const platform = createNodePlatform()
  const version = readVersion()
  const words = new LiveWords([
    ...secretsOf(configuration),
    ...proxySecrets(terminal.variable),
    ...telemetry.secrets,
  ])
  const log = createLogger({ level: logLevel, pretty: terminal.errorIsTerminal, words: words.words })
  const setups = new CollectorSetups(loaded, {
    platform,
    log,
    userAgent: `cdrstream/${version}`,
    transport: (trusting) => createTransport(trusting, terminal.variable),
  })
  const { signIns } = setups
  const opened = await accessJournal(configuration.journal, 'collector', platform.clock.nowMs)
  if (opened.kind === 'problem') {
    terminal.say(opened.line)
    return opened.exitCode
  }
  const { journal, tightened } = opened
  const board = new StateBoard()
  const means = { journal, signIns, clock: platform.clock, board, version, log, stopping }
  const started = await observeCollector({ configuration, settings: telemetry.settings, ...means })
  if (started.kind === 'problem') {
    terminal.say(started.line)
    await journal.close()
    return exitCodes.usage
  }
  await using observed = started.observed
  sayFiles(configuration, tightened, log)
  using _ = terminal.onCrash((error) => {
    log.error('cdrstream failed', { error })
    terminal.exit(exitCodes.failed)
  })
  sayStart(configuration, version, log)
  await renameOrgs(configuration.orgs, journal, log)
  using watch = new SinkWatch(loaded.sinks, terminal.errorIsTerminal)
  const engine = startEngine({
    orgs: setups.orgs,
    sinks: setups.sinks,
    terms: loaded.terms,
    platform,
    log,
    journal,
    observer: observed.observer,
    ...(observed.activity && { activity: observed.activity }),
    words: words.words,
    mode: once ? 'once' : 'continuous',
    ...(timeout !== undefined && { timeoutMs: timeout }),
  })
  const givingUp = stopWhenTold(engine, log, terminal, stopping)
  const reloader = new Reloader({
    load: () => loadToCollect({ file: options.config, builtInSinks, variable: terminal.variable }),
    ...{ configuration, setups, engine, journal, words, log, stopping },
    replaced: (before, difference) => {
      watch.update(configuration.sinks)
      sayChange(configuration.current, before, difference, log)
    },
    applied: () => board.keep(configuration.current),
  })
  hangups.handle(() => {
    if (once) log.warn('SIGHUP ignored: run --once reads its configuration only when it starts')
    else void reloader.reload()
  })
  const reload = once ? undefined : () => reloader.reload()
  const end = await ended(engine, journal, configuration, { log, platform, board, reload })
  const exitCode = once && !stopping.aborted ? exitCodeOfOnce(end) : exitCodes.done
  const isClosed = await observed.close()
  if (!isClosed) log.warn('metrics and traces of the last seconds could not be sent')
  const isRenewed = await waitForRenewals(setups.renewing, givingUp)
  if (!isRenewed) log.warn('token endpoint is not responding; not waiting for it')
  if (!isClosed || !isRenewed) {
    // The pending request would keep the process running.
    terminal.exit(exitCode)
  }
  return exitCode
}

function sayFiles(
  { fileWarnings }: Pick<CollectConfiguration, 'fileWarnings'>,
  tightened: readonly TightenedFile[],
  log: Logger,
): void {
  for (const { code, message: found, remedy } of fileWarnings) {
    log.warn('file is not protected from other users', { code, found, remedy })
  }
  for (const { path, mode } of tightened) {
    log.warn('file was readable by other users; now only its owner can read it', {
      code: 'made-private',
      path,
      mode,
    })
  }
}

function sayStart(configuration: CollectConfiguration, version: string, log: Logger): void {
  const { orgs, sinkNames, journal } = configuration
  log.info('started', {
    version,
    orgs: orgs.length,
    sinks: sinkNames.length,
    journal: journal.path,
    pid: process.pid,
  })
  warnOfLoss(configuration, log)
}

/** Logs what operators should know about the files, orgs and sinks that a reload added. */
function sayChange(
  { orgs, sinks, terms, fileWarnings }: CollectConfiguration,
  before: CollectConfiguration,
  difference: ConfigurationDifference,
  log: Logger,
): void {
  const known = new Set(before.fileWarnings.map(({ message }) => message))
  sayFiles({ fileWarnings: fileWarnings.filter(({ message }) => !known.has(message)) }, [], log)
  const added = {
    orgs: orgs.filter(({ name }) => difference.orgs.added.includes(name)),
    sinks: sinks.filter(({ name }) => difference.sinks.added.includes(name)),
  }
  warnOfLoss({ ...added, terms }, log)
}

function warnOfLoss(
  { orgs, sinks, terms }: Pick<CollectConfiguration, 'orgs' | 'sinks' | 'terms'>,
  log: Logger,
): void {
  for (const { name, reachMs } of orgs) {
    if (reachMs <= terms.stream.retentionMs) continue
    log.warn('start reaches further back than the stream has records; the rest is a gap', { org: name })
  }
  for (const { name, sink } of sinks) {
    if (sink.traits.idempotence !== 'none') continue
    log.warn('sink gets each record at least once; some can arrive twice after a crash', { sink: name })
  }
}

/** Stops the engine on a signal. Returns a signal that is aborted shortly before the process must end. */
function stopWhenTold(engine: Engine, log: Logger, terminal: Terminal, stopping: AbortSignal): AbortSignal {
  const givingUp = new AbortController()
  const stop = () => {
    log.info('stopping')
    engine.stop()
    const giveUp = () => {
      log.error('did not stop in time; records that were not delivered are in the journal')
      terminal.exit(exitCodes.failed)
    }
    setTimeout(giveUp, longestStopMs).unref()
    setTimeout(() => givingUp.abort(), longestStopMs - 1_000).unref()
  }
  if (stopping.aborted) stop()
  else stopping.addEventListener('abort', stop)
  return givingUp.signal
}

interface EndMeans {
  readonly log: Logger
  readonly platform: Platform
  readonly board: StateBoard
  readonly reload: (() => Promise<ReloadResult>) | undefined
}

/** Waits for the engine to end. Meanwhile stores the states, and logs a summary periodically. */
async function ended(
  engine: Engine,
  journal: SqliteJournal,
  configuration: CollectConfiguration,
  { log, platform: { clock, digest }, board, reload }: EndMeans,
): Promise<EngineEnd> {
  const ending = new AbortController()
  const summaries = summarize(journal, configuration, { log, clock }, ending.signal)
  const left = (state: SubjectState) => amountLeft(state, configuration, journal, clock.nowMs())
  const reports = reportStates(board, { journal, clock, log, amountLeft: left }, ending.signal)
  const executor = new RequestExecutor({
    ...{ journal, engine, digest, log, nowMs: clock.nowMs },
    get sinks() {
      return configuration.sinks.map(({ name, sink }) => ({ name, traits: sink.traits }))
    },
    appended: () => engine.recordsAppended(),
    ...(reload && { reload }),
  })
  const requests = pollRequests(executor, { log, clock }, ending.signal)
  try {
    return await engine.ended
  } finally {
    ending.abort()
    await Promise.all([summaries, reports, requests])
    await journal.close()
  }
}
