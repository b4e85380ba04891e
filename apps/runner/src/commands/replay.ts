import { type ExitCode, exitCodes } from '../exit-code.ts'
import { performRequest } from '../requests/perform-request.ts'
import { showOutcome } from '../requests/show-outcome.ts'
import { watchReplay } from '../requests/watch-replay.ts'
import { stopSignal } from '../stop-signal.ts'
import type { Terminal } from '../terminal.ts'
import { loadOrSay } from './load-or-say.ts'
import { unknownSinkLine } from './sink.ts'

export interface ReplayOptions {
  readonly config: string
  readonly json: boolean
  readonly sink: string
  /** A time in milliseconds, or a duration before now. Default: everything in the journal. */
  readonly from?: PastTime
  readonly duplicatesOk: boolean
  readonly wait: boolean
}

/** A user-supplied time. */
export type PastTime = { readonly atMs: number } | { readonly agoMs: number }

/** `cdrstream replay`: delivers records to one sink again, through the running collector if there is one. */
export async function replay(
  { config, json, sink, from, duplicatesOk = false, wait }: ReplayOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  using stopping = stopSignal(terminal)
  const configuration = loadOrSay(config, terminal)
  if (configuration === undefined) return exitCodes.usage
  const nowMs = Date.now()
  const sinceMs = from === undefined ? null : 'atMs' in from ? from.atMs : nowMs - from.agoMs
  const problem = unknownSinkLine(sink, configuration.sinkNames) ?? futureLine(sinceMs, nowMs)
  if (problem !== undefined) {
    terminal.say(problem)
    return exitCodes.usage
  }
  const view = watchReplay(sink, terminal, Date.now)
  const outcome = await performRequest(
    { kind: 'replay', sink, sinceMs, duplicatesOk },
    {
      config,
      configuration,
      wait,
      stopping: stopping.signal,
      ...(!json && { watch: (journal, request) => view.show(journal, request) }),
    },
    terminal,
  )
  return showOutcome(outcome, json, terminal)
}

function futureLine(sinceMs: number | null, nowMs: number): string | undefined {
  return sinceMs !== null && sinceMs > nowMs ? 'expected --from to be a time in the past' : undefined
}
