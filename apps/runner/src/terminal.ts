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
   * Returns one line that says why what was printed could not be written; undefined if it was, or if the
   * reader has gone.
   */
  printProblem(): Promise<string | undefined>
  /** Erases the last lines of standard output, which must be a terminal. */
  erase(lines: number): void
  /** Writes one line for a person to standard error, without control characters. */
  say(line: string): void
  /** Returns the lines of standard input as they arrive, until its end or until the signal is aborted. */
  lines(signal: AbortSignal): AsyncIterable<string>
  /** All bytes of standard input, to its end. Throws an error of the system. */
  input(): Promise<Buffer>
  readonly outIsTerminal: boolean
  readonly errorIsTerminal: boolean
  /** Calls back on SIGTERM and SIGINT, until it is disposed. */
  onStop(listener: () => void): Disposable
  /** Calls back on SIGHUP, until it is disposed. */
  onHangup(listener: () => void): Disposable
  /** Calls back on an uncaught exception or rejection, until it is disposed. */
  onCrash(listener: (error: unknown) => void): Disposable
  /** Ends the process at once. */
  exit(code: number): void
}

/** Returns the terminal of this process. */
export function processTerminal(): Terminal {
  const output = new StandardOutput(process.stdout)
  // There is nowhere left to report an error of standard error.
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
