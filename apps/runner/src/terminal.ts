import { createInterface } from 'node:readline'
import { buffer } from 'node:stream/consumers'
import { plainLine, plainLines } from '@cdrstream/core'
import { StandardOutput } from './standard-output.ts'

/** What a command has to do with the process around it; a test gives its own. */
export interface Terminal {
  /** The value of an environment variable. */
  variable(name: string): string | undefined
  /** A result, with its line breaks, to standard output. Control characters in it are not written. */
  print(text: string): void
  /**
   * Returns in one line why what was printed could not be written; undefined if it was, or if no one reads it
   * any more.
   */
  printProblem(): Promise<string | undefined>
  /** Erases the last lines of standard output, which is a terminal. */
  erase(lines: number): void
  /** One line for a person, to standard error. Control characters in it are not written. */
  say(line: string): void
  /** The lines of standard input, as they come, to its end or until the signal is aborted. */
  lines(signal: AbortSignal): AsyncIterable<string>
  /** All bytes of standard input, to its end. Throws an error of the system. */
  input(): Promise<Buffer>
  readonly outIsTerminal: boolean
  readonly errorIsTerminal: boolean
  /** Calls back on SIGTERM and SIGINT, until it is disposed. */
  onStop(listener: () => void): Disposable
  /** Calls back on SIGHUP, until it is disposed. */
  onHangup(listener: () => void): Disposable
  /** Calls back at an exception that nobody caught, until it is disposed. */
  onCrash(listener: (error: unknown) => void): Disposable
  /** Ends the process at once. */
  exit(code: number): void
}

/** The process's own. */
export function processTerminal(): Terminal {
  const output = new StandardOutput(process.stdout)
  // There is nowhere left to report this.
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
