import { nearestWord } from '../configuration/nearest-word.ts'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import { performRequest } from '../requests/perform-request.ts'
import { showOutcome } from '../requests/show-outcome.ts'
import { stopSignal } from '../stop-signal.ts'
import type { Terminal } from '../terminal.ts'
import { loadOrSay } from './load-or-say.ts'

export interface SinkOptions {
  readonly config: string
  readonly json: boolean
  /** How long to wait for the collector, in milliseconds. */
  readonly timeout: number
  readonly name: string
}

export type SinkAction = 'pause' | 'resume' | 'retry' | 'forget'

/** `cdrstream sink`: controls one sink, through the running collector if there is one. */
export async function sink(
  action: SinkAction,
  { config, json, timeout, name }: SinkOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  using stopping = stopSignal(terminal)
  const configuration = loadOrSay(config, terminal)
  if (configuration === undefined) return exitCodes.usage
  const problem = action === 'forget' ? undefined : unknownSinkLine(name, configuration.sinkNames)
  if (problem !== undefined) {
    terminal.say(problem)
    return exitCodes.usage
  }
  const outcome = await performRequest(
    { kind: `sink-${action}`, sink: name },
    { config, configuration, wait: true, timeoutMs: timeout, stopping: stopping.signal },
    terminal,
  )
  return showOutcome(outcome, json, terminal)
}

/** Returns an error line if no such sink is configured. */
export function unknownSinkLine(name: string, known: readonly string[]): string | undefined {
  if (known.includes(name)) return undefined
  const near = nearestWord(name, known)
  const hint = near === undefined ? '' : `, did you mean ${near}?`
  return `unknown sink "${name}"${hint} (configured: ${known.join(', ')})`
}
