import { setTimeout } from 'node:timers/promises'
import { findHolder, JournalOpenError, journalOpenError, type SqliteJournal } from '@cdrstream/journal-sqlite'
import type { Configuration } from '../configuration/configuration.ts'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import { accessJournal } from '../journal-access.ts'
import { checkLine, checkStatus, type StatusProblem } from '../status/check-status.ts'
import { isoTime } from '../status/iso-time.ts'
import { readStatus } from '../status/read-status.ts'
import { showStatus } from '../status/show-status.ts'
import type { Status } from '../status/status.ts'
import { StatusView } from '../status/watch-status.ts'
import { stopSignal } from '../stop-signal.ts'
import type { Terminal } from '../terminal.ts'
import { loadOrSay } from './load-or-say.ts'

export interface StatusOptions {
  readonly config: string
  readonly json: boolean
  /** The only org to show; undefined: all. */
  readonly org?: string
  /** Refresh the status until the command is stopped. */
  readonly watch?: boolean
  /** Print one line and exit with code 1 if there is a problem. */
  readonly check?: boolean
  /** With `check`, in milliseconds. */
  readonly maxLag?: number
}

type StatusConfiguration = Pick<Configuration, 'orgs' | 'sinkNames' | 'journal' | 'terms'>

const defaultMaxLagMs = 600_000
const watchEveryMs = 2_000

/** `cdrstream status`: reports what the journal contains, including while a collector runs. */
export async function status(options: StatusOptions, terminal: Terminal): Promise<ExitCode> {
  const { config, org } = options
  const configuration = loadOrSay(config, terminal)
  if (configuration === undefined) return exitCodes.usage
  if (org !== undefined && !configuration.orgs.some(({ name }) => name === org)) {
    terminal.say(`--org: the configuration has no org ${org}`)
    return exitCodes.usage
  }
  const opened = await accessJournal(configuration.journal, 'reader', Date.now)
  if (opened.kind === 'problem') return notRead(opened.line, opened.exitCode, options, terminal)
  const { journal } = opened
  try {
    if (options.watch === true) return await watch(configuration, journal, options, terminal)
    return report(await read(configuration, journal, org), configuration, options, terminal)
  } catch (error) {
    return notRead(problemLine(error, configuration), exitCodes.failed, options, terminal)
  } finally {
    await journal.close()
  }
}

function report(
  found: Status,
  { terms, journal: { minFreeDiskBytes } }: StatusConfiguration,
  { json, check, maxLag: maxLagMs = defaultMaxLagMs }: StatusOptions,
  terminal: Terminal,
): ExitCode {
  if (check !== true) {
    terminal.print(json ? `${JSON.stringify(found, null, 2)}\n` : showStatus(found))
    return exitCodes.done
  }
  const problems = checkStatus(found, { maxLagMs, terms, minFreeDiskBytes })
  terminal.print(`${json ? checkJson(found.at, problems) : checkLine(problems, found)}\n`)
  return problems.length === 0 ? exitCodes.done : exitCodes.failed
}

/** Reports a failed check on standard output, because monitoring systems read only that. */
function notRead(
  message: string,
  exitCode: ExitCode,
  { check, json }: StatusOptions,
  terminal: Terminal,
): ExitCode {
  const problem: StatusProblem = { code: 'journal', subject: null, name: null, message }
  if (check !== true) terminal.say(message)
  else terminal.print(`${json ? checkJson(isoTime(Date.now()), [problem]) : `problem: ${message}`}\n`)
  return exitCode
}

function checkJson(at: string, problems: readonly StatusProblem[]): string {
  return JSON.stringify({ at, result: problems.length === 0 ? 'ok' : 'problem', problems }, null, 2)
}

async function watch(
  configuration: StatusConfiguration,
  journal: SqliteJournal,
  { org, json }: StatusOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  using stopping = stopSignal(terminal)
  const view = new StatusView(terminal, json)
  while (!stopping.signal.aborted) {
    try {
      view.show(await read(configuration, journal, org))
    } catch (error) {
      view.fail(problemLine(error, configuration), isoTime(Date.now()))
    }
    // The watch stops if the reader has closed the pipe, as `head` does. `printProblem` reports other errors.
    if (terminal.outIsGone?.() === true) break
    await setTimeout(watchEveryMs, undefined, { signal: stopping.signal }).catch(() => {})
  }
  return exitCodes.done
}

async function read(
  configuration: StatusConfiguration,
  journal: SqliteJournal,
  only: string | undefined,
): Promise<Status> {
  const holder = findHolder(configuration.journal.path)
  const found = await readStatus(configuration, journal, holder, Date.now())
  return only === undefined ? found : { ...found, orgs: found.orgs.filter(({ name }) => name === only) }
}

/** The lock file can belong to another user, and the journal can be damaged. */
function problemLine(error: unknown, { journal: { path } }: StatusConfiguration): string {
  const known = error instanceof JournalOpenError ? error : journalOpenError(path, error)
  if (known === undefined) throw error
  return `journal: ${known.message}`
}
