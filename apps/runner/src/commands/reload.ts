import { findHolder } from '@cdrstream/journal-sqlite'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import type { RequestResult } from '../requests/operator-request.ts'
import { performRequest, type RequestOutcome } from '../requests/perform-request.ts'
import { showOutcome } from '../requests/show-outcome.ts'
import { stopSignal } from '../stop-signal.ts'
import type { Terminal } from '../terminal.ts'
import { loadOrSay } from './load-or-say.ts'

export interface ReloadOptions {
  readonly config: string
  readonly json: boolean
  /** How long to wait for the collector, in milliseconds. */
  readonly timeout: number
}

/** `cdrstream reload`: has the running collector read its configuration again. */
export async function reload(
  { config, json, timeout }: ReloadOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  using stopping = stopSignal(terminal)
  const configuration = loadOrSay(config, terminal)
  if (configuration === undefined) return exitCodes.usage
  const { path } = configuration.journal
  if (findHolder(path) === undefined) {
    terminal.say(
      `no collector is running on the journal ${path}; it reads the configuration when it starts (a changed journal.path needs a restart)`,
    )
    return exitCodes.failed
  }
  const outcome = await performRequest(
    { kind: 'reload' },
    { config, configuration, wait: true, timeoutMs: timeout, stopping: stopping.signal },
    terminal,
  )
  if (!json) for (const line of furtherProblems(outcome)) terminal.say(line)
  return showOutcome(outcome, json, terminal)
}

/** Returns the problems that the collector found, if there are several: `showOutcome` says one line. */
function furtherProblems(outcome: RequestOutcome): readonly string[] {
  const result =
    outcome.kind === 'request' ? (outcome.request.result as RequestResult | undefined) : undefined
  const { problems } = result?.details ?? {}
  return Array.isArray(problems) && problems.length > 1 ? problems.map(String) : []
}
