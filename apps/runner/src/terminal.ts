import { createInterface } from 'node:readline'
import { buffer } from 'node:stream/consumers'
import { plainLine, plainLines } from '@cdrstream/core/words'
import { StandardOutput } from './standard-output.ts'

/** The process around a command. Tests replace it. */
export interface Terminal {
  /** Returns the value of an environment variable. */
  variable(name: string): string | undefined
  /** Writes a result, with its line breaks, to standard output, without control characters. */
  print(text: string): void
  /**
   * Returns one line with the reason why output could not be written, or undefined if it was written or the
   * reader has gone.
   */
  printProblem(): Promise<string | undefined>
  /** Erases the last lines of standard output, which must be a terminal. */
  erase(lines: number): void
  /** Writes one line for a person to standard error, without control characters. */
  say(line: string): void
  /** Returns the lines of standard input as they arrive, until its end or until the signal is aborted. */
  lines(signal: AbortSignal): AsyncIterable<string>
  /** Returns all bytes of standard input. Throws a system error if they cannot be read. */
  input(): Promise<Buffer>
  readonly outIsTerminal: boolean
  /** Returns the terminal's height, if standard output is a terminal. */
  outRows?(): number | undefined
  /** Returns whether standard output can no longer be written to. */
  outIsGone?(): boolean
  readonly errorIsTerminal: boolean
  /** Calls the listener on SIGTERM and SIGINT until disposed. */
  onStop(listener: () => void): Disposable
  /** Calls the listener on SIGHUP until disposed. */
  onHangup(listener: () => void): Disposable
  /** Calls the listener on an uncaught exception or rejection until disposed. */
  onCrash(listener: (error: unknown) => void): Disposable
  /** Ends the process at once. */
  exit(code: number): void
}

/** Returns the terminal of this process. */
export function processTerminal(): Terminal {
  const output = new StandardOutput(process.stdout)
  // There is nowhere left to report an error in writing to standard error.
  process.stderr.on('error', () => {})
  return {
    variable: (name) => process.env[name],
    print: (text) => output.print(plainLines(text)),
    printProblem: () => output.problem(),
    erase: (lines) => output.print(`\u001b[${lines}A\u001b[J`),
    say: (line) => {
      process.stderr.write(`${plainLine(line)}\n`)
    },
    lines: (signal) => createInterface({ input: process.stdin, signal }),
    input: () => buffer(process.stdin),
    outRows: () => process.stdout.rows,
    outIsGone: () => output.isGone,
    outIsTerminal: process.stdout.isTTY === true,
    errorIsTerminal: process.stderr.isTTY === true,
    onStop: (listener) => listen(['SIGTERM', 'SIGINT'], listener),
    onHangup: (listener) => listen(['SIGHUP'], listener),
    onCrash: (listener) => listen(['uncaughtException', 'unhandledRejection'], listener),
    exit: (code) => process.exit(code),
  }
}

type ProcessEvent = 'SIGTERM' | 'SIGINT' | 'SIGHUP' | 'uncaughtException' | 'unhandledRejection'

function listen(events: readonly ProcessEvent[], listener: (argument: unknown) => void): Disposable {
  for (const event of events) process.on(event, listener)
  return {
    [Symbol.dispose]: () => {
      for (const event of events) process.off(event, listener)
    },
  }
}
