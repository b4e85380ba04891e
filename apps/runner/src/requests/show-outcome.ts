import { type ExitCode, exitCodes } from '../exit-code.ts'
import { isoTime } from '../status/iso-time.ts'
import type { Terminal } from '../terminal.ts'
import type { RequestResult } from './operator-request.ts'
import type { LeftReason, RequestOutcome } from './perform-request.ts'

/** Prints the outcome of a request. Returns the command's exit code. */
export function showOutcome(outcome: RequestOutcome, json: boolean, terminal: Terminal): ExitCode {
  if (outcome.kind === 'problems') {
    for (const line of outcome.lines) terminal.say(line)
    return outcome.exitCode
  }
  const { request, left } = outcome
  const { id, kind, state, atMs } = request
  const result = request.result as RequestResult | undefined
  if (json) {
    const { code = null, message = null, details = {} } = result ?? {}
    const shown = { request: id, kind, at: isoTime(atMs), state, code, message, details }
    terminal.print(`${JSON.stringify(shown, null, 2)}\n`)
  } else if (left !== undefined) {
    const say =
      left === 'asked' ? (line: string) => terminal.print(`${line}\n`) : (line: string) => terminal.say(line)
    say(leftLine(left, id))
  } else if (state === 'refused') {
    terminal.say(result?.message ?? 'refused')
  } else {
    terminal.print(`${result?.message ?? 'done'}\n`)
  }
  if (left !== undefined) return left === 'asked' ? exitCodes.done : exitCodes.failed
  return state === 'refused' ? exitCodes.usage : exitCodes.done
}

function leftLine(left: LeftReason, id: number): string {
  const stays = `request ${id} stays in the journal`
  switch (left) {
    case 'asked':
      return `request ${id} is in the journal; the collector carries it out`
    case 'stopped':
      return `no longer waiting; ${stays}, and the collector carries it out`
    case 'time':
      return `the process that holds the journal has not finished yet; ${stays}. \`cdrstream status\` shows what it is waiting for`
    case 'collector-gone':
      return `the collector has stopped; ${stays}, and the next collector carries it out`
    case 'sinks-behind':
      return `not every sink has accepted its records; ${stays}, and the collector continues it. \`cdrstream status\` shows what is wrong`
  }
}
